import { fisherExact } from "../../stats/fisher-exact.js";
import type {
  AnchorShift,
  DriftCheck,
  DriftCheckName,
  JudgeDrift,
  KappaChange,
  PeriodSummary,
} from "./drift-report.js";
import type { VerdictShift } from "./verdict-shift.js";

/** Most that all checks of a period together raise a false alarm. */
export const FALSE_ALARM_RATE = 0.05;
const CHECKS = 5;
/** p below which one check raises an alarm (Bonferroni). */
export const ALARM_BELOW = FALSE_ALARM_RATE / CHECKS;

/** What the checks look at. */
export interface DriftFacts {
  readonly current: PeriodSummary;
  readonly last: PeriodSummary | null;
  readonly kappaChange: KappaChange | null;
  /** Upper limits of kappa that it exceeds with a probability of at most `ALARM_BELOW`. */
  readonly upperLimits: { readonly last: number | null; readonly current: number | null };
  readonly anchors: AnchorShift | null;
  readonly traffic: VerdictShift | null;
}

export interface DriftLimits {
  readonly floor: number;
  readonly minLabels: number;
}

/** Every check, whether or not there was enough data for it. */
export function driftChecks(facts: DriftFacts, limits: DriftLimits): readonly DriftCheck[] {
  return [
    kappaCheck(facts, limits),
    floorCheck(facts, limits),
    anchorCheck(facts),
    trafficCheck(facts),
    unusableCheck(facts),
  ];
}

/**
 * Any alarm is drift. Without one the judge is stable only if the comparison of kappas could be made: the other checks
 * do not ask people.
 */
export function driftVerdict(checks: readonly DriftCheck[]): Pick<JudgeDrift, "verdict" | "reason"> {
  const alarms = checks.filter(({ status }) => status === "alarm");
  if (alarms.length > 0) {
    return { verdict: "drift", reason: alarms.map(({ finding }) => finding).join("; ") };
  }
  const kappa = checks.find(({ check }) => check === "kappa");
  if (kappa?.status === "not-run") return { verdict: "inconclusive", reason: kappa.finding };
  return { verdict: "stable", reason: kappa?.finding ?? "" };
}

function kappaCheck({ current, last, kappaChange }: DriftFacts, { minLabels }: DriftLimits): DriftCheck {
  if (last === null) return notRun("kappa", "the judge said nothing before this period");
  if (kappaChange === null || kappaChange.p === null) {
    const fewest = Math.min(last.labelled, current.labelled);
    const found = `${last.labelled} labelled items in ${last.name} and ${current.labelled} in ${current.name}`;
    return notRun(
      "kappa",
      fewest < minLabels
        ? `too little data: ${found}; it takes ${minLabels} in each`
        : `kappa cannot be compared: ${found}, but fewer than ${minLabels} are the same or all are of one label`,
    );
  }
  const { difference, p, method, lower, upper } = kappaChange;
  const items = method === "paired" ? `the same ${kappaChange.current} items` : "different items";
  const interval = lower === null || upper === null ? "" : ` [${shown(lower)}, ${shown(upper)}]`;
  const finding = `kappa changed by ${shown(difference)}${interval} on ${items}, ${pText(p)}`;
  return tested("kappa", p, finding, difference < 0);
}

function floorCheck({ current, last, upperLimits }: DriftFacts, limits: DriftLimits): DriftCheck {
  const { floor, minLabels } = limits;
  if (upperLimits.current === null || current.labelled < minLabels) {
    const kappa = `${current.labelled} labelled items in ${current.name} tell no kappa`;
    return notRun("floor", `${kappa} to hold against the floor of ${floor}`);
  }
  const isBelow = upperLimits.current < floor;
  const wasBelow =
    upperLimits.last !== null && last !== null && last.labelled >= minLabels && upperLimits.last < floor;
  const finding = isBelow
    ? `kappa is below the floor of ${floor}: at most ${shown(upperLimits.current)}${wasBelow ? ", as it was before" : ""}`
    : `kappa is not shown to be below the floor of ${floor}`;
  return { check: "floor", status: isBelow && !wasBelow ? "alarm" : "quiet", p: null, finding };
}

function anchorCheck({ anchors }: DriftFacts): DriftCheck {
  if (anchors === null || anchors.p === null) {
    return notRun("anchors", "no item was judged in both periods");
  }
  const changed = anchors.n - Math.round((anchors.same.estimate ?? 1) * anchors.n);
  const finding = `${changed} of ${anchors.n} items judged in both periods have another verdict; shares of the labels, ${pText(anchors.p)}`;
  return tested("anchors", anchors.p, finding, true);
}

function trafficCheck({ traffic }: DriftFacts): DriftCheck {
  if (traffic === null || traffic.p === null) {
    return notRun("traffic", "one of the periods has no verdicts on new traffic");
  }
  const finding = `verdicts on new traffic, ${traffic.last} before and ${traffic.current} now, ${pText(traffic.p)}`;
  return tested("traffic", traffic.p, finding, true);
}

function unusableCheck({ current, last }: DriftFacts): DriftCheck {
  if (last === null || last.judged === 0 || current.judged === 0) {
    return notRun("unusable", "one of the periods has no verdicts");
  }
  const usable = ({ judged, unusable }: PeriodSummary) => [unusable, judged - unusable] as const;
  const { p } = fisherExact([usable(current), usable(last)], "greater");
  const share = ({ unusable, judged }: PeriodSummary) => `${unusable} of ${judged}`;
  const finding = `verdicts that cannot be used: ${share(last)} before, ${share(current)} now, ${pText(p ?? 1)}`;
  return tested("unusable", p ?? 1, finding, true);
}

function tested(check: DriftCheckName, p: number, finding: string, isAlarming: boolean): DriftCheck {
  return { check, status: isAlarming && p < ALARM_BELOW ? "alarm" : "quiet", p, finding };
}

function notRun(check: DriftCheckName, finding: string): DriftCheck {
  return { check, status: "not-run", p: null, finding };
}

/** Three significant digits. */
function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** A p that is very small is not 0. */
function pText(p: number): string {
  return p < 0.0001 ? "p < 0.0001" : `p = ${shown(p)}`;
}
