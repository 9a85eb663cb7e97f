import type { Split } from "../routers/router.js";
import { sharePercent, splitText } from "./split.js";
import type { Turn } from "./turn.js";

/** One sentence of a split that is not the one that was set. */
export function driftReason(found: Split, wantedBps: number): string {
  return `the router has ${splitText(found)}${restartText(found)}, expected ${sharePercent(wantedBps)}: somebody else changed it, or its lease ran out`;
}

function restartText({ afterRestart, ...found }: Split): string {
  if (afterRestart === undefined) return "";
  if (afterRestart === null) return " and files that cannot be read, so that it cannot start again";
  return ` now and ${splitText({ ...found, ...afterRestart })} in its files, which count after a restart`;
}

/** Share that the present step of a release is to have. */
export function shareOfStep({ desk }: Turn, step: number): number {
  return desk.release.plan.steps[step]?.bps ?? 0;
}
