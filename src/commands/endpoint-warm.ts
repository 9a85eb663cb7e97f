import { resolve } from "node:path";
import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import type { WarmFlags } from "../release/endpoints/run-warm.js";
import { withEndpointFlags, withPromptFlags } from "./endpoint-flags.js";
import type { CommandIo } from "./io.js";
import {
  nonNegativeInteger,
  notesFor,
  type OutputFlags,
  positiveInteger,
  withOutputFlags,
} from "./options.js";

const EXAMPLES = `
Examples:
  agentctl endpoint warm http://127.0.0.1:8001
  agentctl endpoint warm http://127.0.0.1:8001 --requests 40 --concurrency 8 --dataset golden.jsonl

Exit codes: 0 the times are stable, 1 they are not, 2 wrong flags, 3 it does not answer,
130 interrupted.`;

export function addEndpointWarmCommand(endpoint: Command, io: CommandIo): void {
  const command = withPromptFlags(
    endpoint
      .command("warm")
      .summary("send requests until the time to first token is stable")
      .description(
        "Sends batches of requests until the medians of two batches in a row are within 10 %, so that a canary is not " +
          "compared while it is cold.",
      )
      .argument("<url>", "address of the server, with or without /v1")
      .option("--requests <n>", "requests at most", positiveInteger, 20)
      .option("--concurrency <n>", "requests at once, which are one batch", positiveInteger, 4),
    32,
  )
    .option("--seed <n>", "seed of the prompts", nonNegativeInteger, 1)
    .option("--timeout <time>", "longest wait for a whole answer", "60s")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withEndpointFlags(command)).action(async (url: string, flags: WarmFlags & OutputFlags) => {
    const { renderWarm, warmBy } = await import("../release/endpoints/run-warm.js");
    const { renderDocument } = await import("../report/json-document.js");
    const note = notesFor(flags, io);
    const interruption = new AbortController();
    const stopListening = io.onInterrupt(() => interruption.abort());
    try {
      const { report, exitCode } = await warmBy(url, flags, {
        env: io.env,
        clock: systemClock,
        signal: interruption.signal,
        note,
        resolvePath: (file) => resolve(io.cwd, file),
      });
      io.print(flags.json === true ? renderDocument("endpoint-warm", report) : renderWarm(report));
      io.setExitCode(exitCode);
    } finally {
      stopListening();
    }
  });
}
