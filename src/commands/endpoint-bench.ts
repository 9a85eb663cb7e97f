import { resolve } from "node:path";
import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import type { BenchFlags } from "../release/endpoints/bench/bench-settings.js";
import { withEndpointFlags, withPromptFlags, withSecondEndpointFlags } from "./endpoint-flags.js";
import type { CommandIo } from "./io.js";
import {
  collect,
  nonNegativeInteger,
  notesFor,
  type OutputFlags,
  positiveInteger,
  withOutputFlags,
} from "./options.js";

const EXAMPLES = `
Examples:
  agentctl endpoint bench http://127.0.0.1:8000 --rate 2/s --duration 60s --slo ttft=500ms,itl=50ms
  agentctl endpoint bench http://127.0.0.1:8000 --sweep 1,2,4,8 --json
  agentctl endpoint bench http://127.0.0.1:8000 --against http://127.0.0.1:8001

Exit codes: 0 measured, 2 wrong flags, 3 an endpoint did not answer or the load could not be
produced, 130 interrupted (with the figures so far).`;

export function addEndpointBenchCommand(endpoint: Command, io: CommandIo): void {
  const command = withPromptFlags(
    endpoint
      .command("bench")
      .summary("load a model server and find the rate at which it saturates")
      .description(
        "Sends streamed chats at a fixed rate, whether or not earlier ones were answered, and counts every time from " +
          "the moment at which the request was due.",
      )
      .argument("<url>", "address of the server, with or without /v1")
      .option("--rate <rate>", "arrivals, such as 2/s or 30/m (default: 1/s)")
      .option("--sweep <rates>", "several rates, one after the other, such as 1,2,4,8", collect)
      .option("--duration <time>", "how long requests arrive at each rate", "30s")
      .option("--arrivals <kind>", "poisson, or constant gaps", "poisson")
      .option("--seed <n>", "seed of arrivals and prompts", nonNegativeInteger, 1),
    64,
  )
    .option("--ignore-eos", "have answers of full length (vLLM, SGLang)")
    .option("--slo <list>", "objectives of a good request: ttft=500ms,itl=50ms,gap=1s,e2e=5s", collect)
    .option(
      "--connections <n>",
      "requests under way at most; later ones wait (default: no limit)",
      positiveInteger,
    )
    .option("--timeout <time>", "longest wait for a whole answer", "60s")
    .option("--max-lag <time>", "refuse the figures when this machine sends later than that at p99", "50ms")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withSecondEndpointFlags(withEndpointFlags(command))).action(
    async (url: string, flags: BenchFlags & OutputFlags) => {
      const { benchEndpoints } = await import("../release/endpoints/bench/bench-endpoints.js");
      const { renderEndpointBench, renderLoadNote } = await import(
        "../release/endpoints/bench/bench-text.js"
      );
      const { renderDocument } = await import("../report/json-document.js");
      const note = notesFor(flags, io);
      const interruption = new AbortController();
      const stopListening = io.onInterrupt(() => interruption.abort());
      try {
        const { report, exitCode } = await benchEndpoints(url, flags, {
          env: io.env,
          clock: systemClock,
          signal: interruption.signal,
          onLoad: (of, load) => note(renderLoadNote(of, load)),
          resolvePath: (file) => resolve(io.cwd, file),
        });
        io.print(
          flags.json === true ? renderDocument("endpoint-bench", report) : renderEndpointBench(report),
        );
        io.setExitCode(exitCode);
      } finally {
        stopListening();
      }
    },
  );
}
