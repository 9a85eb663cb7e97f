import { EMBEDDED_NOTICE, EMBEDDED_PROVIDER } from "../models/embedded/notice.js";
import type { RunReport } from "./run-report.js";

/** What a reader must know of the model before any number of the run; `null` when there is nothing to say. */
export function baselineNotice({ run }: Pick<RunReport, "run">): string | null {
  return run.provider === EMBEDDED_PROVIDER ? EMBEDDED_NOTICE : null;
}
