import type { Waiver } from "../config/gates/gates-schema.js";
import type { GateResult } from "./gate-report.js";

const DAY_MS = 86_400_000;

/** Results with the waivers that hold, and what is to be said of every waiver. */
export interface WaivedResults {
  readonly results: readonly GateResult[];
  /** Waivers that have expired, one sentence each: they fail the report. */
  readonly expired: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Days until a waiver ends, its last day included: 1 on that day, 0 or less afterwards. Days are those of UTC.
 *
 * @param now - ISO 8601
 */
export function waiverDaysLeft(waiver: Pick<Waiver, "until">, now: string): number {
  const days = Math.ceil((Date.parse(waiver.until) + DAY_MS - Date.parse(now)) / DAY_MS);
  // Without a clock nobody can say that it still holds.
  return Number.isNaN(days) ? 0 : days;
}

/**
 * Lets people answer for gates that do not pass: such a gate keeps its verdict and has no say in that of the report. A
 * waiver that has expired fails the report, whatever its gate says, until somebody renews or removes it.
 */
export function applyWaivers(
  results: readonly GateResult[],
  waivers: readonly Waiver[],
  now: string,
): WaivedResults {
  const valid = new Map<string, Waiver>();
  const expired: string[] = [];
  for (const waiver of waivers) {
    if (waiverDaysLeft(waiver, now) > 0) valid.set(waiver.gate, waiver);
    else {
      const { gate, by, until, reason } = waiver;
      expired.push(
        `The waiver of ${gate} by ${by} expired on ${until} (${reason}); renew it with a new day, or remove it.`,
      );
    }
  }
  const waived = results.map((result) => {
    const waiver = valid.get(result.name);
    return waiver === undefined || result.verdict === "pass" ? result : { ...result, waiver };
  });
  return { results: waived, expired, notes: waived.flatMap((result) => noteOf(result, valid)) };
}

function noteOf(result: GateResult, valid: ReadonlyMap<string, Waiver>): string[] {
  const waiver = valid.get(result.name);
  if (waiver === undefined) return [];
  const { by, reason, until } = waiver;
  if (result.verdict === "pass") {
    return [`${result.name} passes, so that its waiver by ${by} can be removed`];
  }
  const what = result.verdict === "fail" ? "fails" : `is ${result.verdict}`;
  const gate = result.severity === "critical" ? `the CRITICAL gate ${result.name}` : result.name;
  return [`${gate} ${what} and is waived by ${by} until ${until}: ${reason}`];
}
