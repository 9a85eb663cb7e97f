import { systemClock } from "../core/clock.js";
import type { EvalFlags } from "../eval/eval-flags.js";
import type { EvaluateOutcome } from "../eval/evaluate.js";
import type { CommandIo } from "./io.js";

/** `agentctl eval --changed`: the suites that must run, one after another, and why the others need not. */
export async function runEvalChanged(
  flags: EvalFlags,
  io: CommandIo,
  runSuite: (flags: EvalFlags, io: CommandIo, isPart: boolean) => Promise<EvaluateOutcome>,
): Promise<void> {
  const { evaluateChanged } = await import("../eval/changed/evaluate-changed.js");
  const { renderSuite, renderChangedSuitesJson } = await import("../report/changed-suites.js");
  const interruption = new AbortController();
  const stopListening = io.onInterrupt(() => interruption.abort());
  try {
    const { suites, exitCode } = await evaluateChanged(
      flags,
      { workingDirectory: io.cwd, env: io.env, clock: systemClock, signal: interruption.signal },
      (own) => runSuite(own, io, true),
      (outcome) => {
        if (flags.json !== true) io.print(renderSuite(outcome));
      },
    );
    if (flags.json === true) io.print(renderChangedSuitesJson(suites));
    io.setExitCode(exitCode);
  } finally {
    stopListening();
  }
}
