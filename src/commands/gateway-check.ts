import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import { EXIT } from "../core/exit-codes.js";
import { type GatewayFileFlag, gatewayFile, withGatewayFile } from "./gateway-options.js";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl gateway check                        gateway.yaml, its secrets and keys, and its arms
  agentctl gateway check --config prod/gateway.yaml --json

Exit codes: 0 ready, 2 the file, a secret or the keys cannot be used, 3 an arm does not answer as it
should.`;

interface CheckFlags extends OutputFlags, GatewayFileFlag {}

/** Adds `gateway check`. */
export function addGatewayCheck(group: Command, io: CommandIo): void {
  const command = group
    .command("check")
    .summary("check gateway.yaml and ask both arms, without serving")
    .description(
      "Checks gateway.yaml, the secrets and keys that it names, and asks every arm for what the health check asks, " +
        "with its key. Serves nothing.",
    )
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withGatewayFile(command)).action(async (_: unknown, own: Command) => {
    // `gateway` has these flags too, and takes those that are given before the word `check`.
    const flags = own.optsWithGlobals<CheckFlags>();
    const { loadGateway } = await import("../gateway/load-gateway.js");
    const { checkGateway } = await import("../gateway/check-gateway.js");
    const { renderGatewayCheck } = await import("../report/gateway/gateway-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const file = gatewayFile(flags);
    const check = await checkGateway(file, await loadGateway(file, io.cwd, io.env), systemClock);
    io.print(flags.json === true ? renderDocument("gateway-check", check) : renderGatewayCheck(check));
    if (!check.isReady) io.setExitCode(EXIT.infrastructure);
  });
}
