import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import { EXIT } from "../core/exit-codes.js";
import type { CheckFlags } from "../release/endpoints/check/check-endpoints.js";
import { withEndpointFlags, withSecondEndpointFlags } from "./endpoint-flags.js";
import type { CommandIo } from "./io.js";
import { collect, notesFor, type OutputFlags, positiveInteger, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl endpoint check http://127.0.0.1:8000 --require streaming,tools
  agentctl endpoint check http://127.0.0.1:8000 --against http://127.0.0.1:8001 --json

Exit codes: 0 usable, 1 a required capability is missing or unknown, 2 wrong flags,
3 not reachable, 130 interrupted.`;

export function addEndpointCheckCommand(endpoint: Command, io: CommandIo): void {
  const command = endpoint
    .command("check")
    .summary("try what a model server can do")
    .description(
      "Tries each capability by a request of its own and shows what came back: streaming, tools, structured output, " +
        "context limit, other APIs, time to first token, and which metrics the server has.",
    )
    .argument("<url>", "address of the server, with or without /v1")
    .option(
      "--require <list>",
      "capabilities that must be there; repeatable or comma-separated (default: chat)",
      collect,
    )
    .option("--probe-context", "ask for the context limit by a prompt that is too long")
    .option("--probes <n>", "requests for the time to first token", positiveInteger, 6)
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withSecondEndpointFlags(withEndpointFlags(command))).action(
    async (url: string, flags: CheckFlags & OutputFlags) => {
      const { checkEndpoints } = await import("../release/endpoints/check/check-endpoints.js");
      const { renderEndpointCheck } = await import("../release/endpoints/check/check-text.js");
      const { renderDocument } = await import("../report/json-document.js");
      const interruption = new AbortController();
      const stopListening = io.onInterrupt(() => interruption.abort());
      try {
        const world = { env: io.env, clock: systemClock, signal: interruption.signal };
        const { report, exitCode } = await checkEndpoints(url, flags, world);
        if (interruption.signal.aborted) {
          notesFor(flags, io)("stopped before every capability was tried");
          io.setExitCode(EXIT.interrupted);
          return;
        }
        io.print(
          flags.json === true ? renderDocument("endpoint-check", report) : renderEndpointCheck(report, io),
        );
        io.setExitCode(exitCode);
      } finally {
        stopListening();
      }
    },
  );
}
