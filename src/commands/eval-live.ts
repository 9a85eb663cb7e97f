import type { EvalFlags } from "../eval/eval-flags.js";
import type { ProgressOptions } from "../ui/progress.js";
import type { CommandIo } from "./io.js";
import { notesFor } from "./options.js";

/** What the display of a run shows and may do. */
export function progressOptions(flags: EvalFlags, io: CommandIo): ProgressOptions {
  return {
    isTerminal: io.isTerminal,
    isQuiet: flags.quiet === true,
    useColor: io.useColor,
    note: notesFor(flags, io),
    budgetUsd: flags.budgetUsd ?? null,
    trace: async (runId, caseId, trial) => {
      const { traceStoredTrial } = await import("../eval/run/trace-stored-trial.js");
      const { renderWaterfall } = await import("../report/waterfall.js");
      const place = { trial, ...(flags.config === undefined ? {} : { config: flags.config }) };
      const columns = (process.stderr.columns ?? io.columns) - 1;
      return renderWaterfall(traceStoredTrial(runId, caseId, place, io.cwd), { useColor: false, columns });
    },
    // As Ctrl-C would, which raw mode keeps the terminal from sending; a second one ends the process.
    interrupt: () => process.kill(process.pid, "SIGINT"),
  };
}
