import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import { addGatewayCheck } from "./gateway-check.js";
import { addGatewayKey } from "./gateway-key.js";
import { type GatewayFileFlag, gatewayFile, withGatewayFile } from "./gateway-options.js";
import type { CommandIo } from "./io.js";
import { notesFor, type OutputFlags, timeLimit, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl gateway                                    as gateway.yaml says
  agentctl gateway --config prod/gateway.yaml --grace 60

Ctrl-C or SIGTERM ends it: no new requests, those under way end, every event is written. A second
one ends it at once.

Exit codes: 0 stopped, 2 wrong flags or files, or an address that is taken, 3 the stored split
cannot be read.`;

interface GatewayFlags extends OutputFlags, GatewayFileFlag {
  readonly grace: number;
}

export function addGatewayCommand(program: Command, io: CommandIo): void {
  const command = program
    .command("gateway")
    .summary("OpenAI-compatible proxy that splits traffic between two versions")
    .description(
      "Passes requests of OpenAI's and Anthropic's clients on to two versions of a service, by the bucket of their " +
        "conversation. A release moves the split by the control API; each request leaves an event.",
    )
    .option("--grace <seconds>", "how long requests under way may take at the end", timeLimit, 20)
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withGatewayFile(command)).action(async (flags: GatewayFlags) => {
    const { loadGateway } = await import("../gateway/load-gateway.js");
    const { serveGateway } = await import("../gateway/serve-gateway.js");
    const { renderGatewayServer } = await import("../report/gateway/gateway-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const note = notesFor(flags, io);
    let stopListening = () => {};
    const interrupted = new Promise<void>((stop) => {
      stopListening = io.onInterrupt(stop);
    });
    try {
      const loaded = await loadGateway(gatewayFile(flags), io.cwd, io.env);
      const onNotice = (text: string) => io.note(`warning: ${text}`);
      const gateway = await serveGateway({ ...loaded, clock: systemClock, onNotice });
      const { origin: url, control, events } = gateway;
      const document = { service: loaded.config.service, url, control, events };
      io.print(
        flags.json === true ? renderDocument("gateway-server", document) : renderGatewayServer(document),
      );
      await interrupted;
      note("ending: requests under way are answered, then every event is written");
      await gateway.close(flags.grace * 1000);
    } finally {
      stopListening();
    }
  });
  addGatewayCheck(command, io);
  addGatewayKey(command, io);
}
