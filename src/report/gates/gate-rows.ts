import type { Verdict } from "../../core/score.js";
import { formatDifference } from "../../gates/baseline/margin.js";
import type { FlakyCase, GateReport, GateResult } from "../../gates/gate-report.js";
import { formatInterval, formatValue } from "../format.js";

/** One line of the table of gates. */
export interface GateRow {
  /** 0 for gates, more for their parts and for what stands below them. */
  readonly depth: number;
  /** `null` for a line that belongs to the gate above it. */
  readonly verdict: Verdict | null;
  readonly name: string;
  readonly measured: string;
  readonly interval: string;
  readonly n: string;
  /** Of the interval; empty where there is none. */
  readonly method: string;
  readonly required: string;
}

const MOST_CASES = 5;

/** Every gate with its difference from the baseline below it, then its parts. */
export function gateRows(results: readonly GateResult[], depth = 0): GateRow[] {
  return results.flatMap((result) => [
    rowOf(result, depth),
    ...differenceRow(result, depth + 1),
    ...gateRows(result.parts, depth + 1),
  ]);
}

function rowOf(result: GateResult, depth: number): GateRow {
  const { estimate, name, verdict, parts } = result;
  const isWhole = parts.length > 0 || (estimate === null && result.metric === null);
  return {
    depth,
    verdict,
    name,
    measured: estimate === null ? (isWhole ? "" : "none") : formatValue(estimate),
    interval: estimate === null ? "" : formatInterval(estimate),
    n: estimate === null ? (isWhole ? "" : "0") : String(estimate.n),
    method: estimate === null || formatInterval(estimate) === "" ? "" : estimate.method,
    required: `${result.required}${remarkOf(result, depth)}`,
  };
}

/** Parts weigh what their whole weighs: it is said there. */
function remarkOf({ severity, waiver }: GateResult, depth: number): string {
  const remarks = [
    ...(depth > 0 || severity === "major" ? [] : [severity === "minor" ? "minor, warns only" : severity]),
    ...(waiver === null ? [] : ["waived"]),
  ];
  return remarks.length === 0 ? "" : ` (${remarks.join(", ")})`;
}

function differenceRow({ difference, baseline, estimate }: GateResult, depth: number): GateRow[] {
  if (difference === null || baseline === null) return [];
  const scale = { unit: estimate?.unit ?? "score", isRelative: difference.isRelative };
  const shown = (value: number | null) => (value === null ? "none" : formatDifference(value, scale));
  const { lower, upper, value } = difference;
  const hasInterval = lower !== null || upper !== null;
  return [
    {
      depth,
      verdict: null,
      name: `against ${baseline.reference}`,
      measured: shown(value),
      interval: hasInterval ? intervalOf(shown(lower), shown(upper)) : "",
      n: String(difference.n),
      method: hasInterval ? difference.method : "",
      required: "",
    },
  ];
}

/** `[−7.1, +3.0] points`: a unit that both limits have stands once. */
function intervalOf(lower: string, upper: string): string {
  const unit = [" points", " %", " ms"].find((one) => lower.endsWith(one) && upper.endsWith(one)) ?? "";
  const number = (text: string) => text.slice(0, text.length - unit.length);
  return `[${number(lower)}, ${number(upper)}]${unit}`;
}

/** What stands below the table, one sentence each: what would settle gates, cases they name, skipped and flaky ones. */
export function gateRemarks(report: GateReport): string[] {
  return [
    // A rule may stand in several places of a file.
    ...new Set(flatten(report.results).flatMap(remarksOf)),
    ...report.skipped.map(({ name, reason }) => `Skipped ${name}: ${reason}`),
    ...report.flaky.map(flakySentence),
  ];
}

function flatten(results: readonly GateResult[]): GateResult[] {
  return results.flatMap((result) => [result, ...flatten(result.parts)]);
}

/** A reason that already says what would settle the gate is not repeated. */
function remarksOf({ name, verdict, cases, toSettle, reason, parts }: GateResult): string[] {
  const isSaid = toSettle === null || reason.includes(toSettle) || parts.length > 0;
  return [
    ...(isSaid ? [] : [`To settle ${name}: ${toSettle}.`]),
    ...(verdict === "pass" || cases.length === 0 ? [] : [`Cases of ${name}: ${casesOf(cases)}.`]),
  ];
}

function casesOf(cases: GateResult["cases"]): string {
  const shown = cases.slice(0, MOST_CASES).map(({ caseId, note }) => `${caseId} (${note})`);
  const hidden = cases.length - shown.length;
  return `${shown.join(", ")}${hidden > 0 ? ` and ${hidden} more` : ""}`;
}

function flakySentence({ caseId, passed, trials, historyRate, p }: FlakyCase): string {
  const history =
    historyRate === null ? "" : `; ${Number((historyRate * 100).toPrecision(2))} % of earlier pairs disagree`;
  return `Flaky ${caseId}: passed in ${passed} of ${trials} trials${history}, p = ${Number(p.toPrecision(2))}.`;
}
