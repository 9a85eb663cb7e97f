import type { DoctorCheck } from "../../report/doctor-report.js";
import { checksOf, type DoctorContext } from "./doctor-context.js";

/** A signature or a token is refused by many services from a few minutes on. */
const MOST_SKEW_MS = 60_000;
const WATCHED_MS = 20;
const MOST_DRIFT_MS = 50;
/** Earlier than this program. */
const EARLIEST_MS = Date.UTC(2025, 0, 1);
const { ok, warning, problem, unknown } = checksOf("clock");

/**
 * Whether the clock of this machine goes, is not far from those of endpoints, and agrees with the one that measures
 * durations.
 *
 * @param skewMs - milliseconds by which endpoints are ahead, by host
 */
export async function checkClock(
  skewMs: ReadonlyMap<string, number>,
  { clock }: DoctorContext,
): Promise<readonly DoctorCheck[]> {
  const before = { now: clock.now(), monotonic: clock.monotonic() };
  await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
  const walked = clock.monotonic() - before.monotonic;
  const drift = clock.now() - before.now - walked;
  return [checkSteps(before.now, walked, drift), ...checkSkew(skewMs)];
}

function checkSteps(now: number, walked: number, drift: number): DoctorCheck {
  const at = new Date(now).toISOString();
  if (now < EARLIEST_MS) return problem("this machine", `says ${at}`, "set the clock");
  if (walked <= 0)
    return problem("this machine", "the clock that measures durations stands still", "restart the machine");
  return Math.abs(drift) > MOST_DRIFT_MS
    ? warning("this machine", `${at}; it was set by ${Math.round(drift)} ms while it was watched`, null)
    : ok("this machine", `${at}, in step with the one that measures durations`);
}

function checkSkew(skewMs: ReadonlyMap<string, number>): readonly DoctorCheck[] {
  if (skewMs.size === 0) return [unknown("against endpoints", "no endpoint said what time it is")];
  return [...skewMs].map(([host, skew]) => {
    const seconds = Math.round(Math.abs(skew) / 1000);
    return Math.abs(skew) > MOST_SKEW_MS
      ? warning(
          `against ${host}`,
          `${seconds} s ${skew > 0 ? "behind" : "ahead"}`,
          "set the clock: timedatectl set-ntp true",
        )
      : ok(`against ${host}`, `within ${seconds + 1} s`);
  });
}
