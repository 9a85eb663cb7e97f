import type { Verdict } from "../../core/score.js";
import { ALL_BPS } from "../../core/traffic-split.js";
import type { Decide } from "../controller/ports.js";
import type { ReleaseEvidence } from "../evidence/release-evidence.js";
import { fullEndpoint, type UnknownCapacity, unknownCapacity, unknownCapacityText } from "./capacity.js";
import { hardRule } from "./hard-rules.js";
import { type JudgedRule, judgeRule } from "./judge-rule.js";
import { lostControl } from "./lost-control.js";
import { ReleaseLedger } from "./release-ledger.js";
import type { ReleaseView } from "./release-view.js";
import { splitMismatch } from "./split-mismatch.js";
import type { StepDecision } from "./step-decision.js";

/**
 * What the evidence says of a step. Pure: the same evidence, plan and moment give the same decision.
 *
 * It may be asked as often as one likes: over all looks and rules together it aborts a canary that is no worse with
 * probability at most `plan.alpha` (critical violations and an arm that is down apart, which are facts). It rests on all
 * conversations of the release, step by step; `moment.steps` must be those that the release went through.
 */
export const decide: Decide = (evidence, plan, moment) =>
  decisionOf(new ReleaseLedger(plan), evidence, moment);

/**
 * {@link decide} for looks at one release whose evidence only grows: each counts what is new since the one before, and
 * decides the same.
 *
 * @returns a function that must be given one plan, and conversations that do not change once they were given
 */
export function runningDecide(): Decide {
  let ledger: ReleaseLedger | null = null;
  return (evidence, plan, moment) => {
    if (!ledger?.goesOn(evidence, moment)) ledger = new ReleaseLedger(plan);
    return decisionOf(ledger, evidence, moment);
  };
}

function decisionOf(
  ledger: ReleaseLedger,
  evidence: ReleaseEvidence,
  moment: Parameters<Decide>[2],
): StepDecision {
  const view = ledger.viewAt(evidence, moment);
  const full = fullEndpoint(evidence.capacity);
  const unknown = unknownCapacity(evidence);
  const judged = ledger.rules.map((sums) => withCapacity(judgeRule(sums, view), full, unknown));
  const enforced = judged.filter(({ decision }) => decision.mode === "enforce");
  const tripped = enforced.find(({ decision }) => decision.trips);
  const isSlow = judged.some(({ isLatency, isSuspicious }) => isLatency && isSuspicious);
  const { verdict, reason, notes } = verdictOf(enforced, view);
  return {
    verdict,
    reason,
    abort: hardRule(view) ?? tripped?.decision.reason ?? null,
    mismatch: splitMismatch(view),
    control: lostControl(view),
    capacity:
      full === null || !isSlow
        ? null
        : `latency is worse and the endpoint is full, so no version can be blamed (${full})`,
    rules: judged.map(({ decision }) => decision),
    conversations: { ...view.totals.conversations },
    unassigned: evidence.unassigned,
    notes: [...judged.flatMap((one) => one.notes), ...patternNote(judged), ...sourceNotes(view), ...notes],
  };
}

/**
 * A full endpoint is no fault of the version: its latency proves nothing while that lasts. Where nobody knows whether it is
 * full, harm counts, and its reason says so.
 */
function withCapacity(
  judged: JudgedRule,
  full: string | null,
  unknown: readonly UnknownCapacity[],
): JudgedRule {
  if (!judged.isLatency || judged.decision.verdict !== "fail") return judged;
  if (full !== null) {
    const reason = `${judged.decision.reason}, but the endpoint is full (${full})`;
    return { ...judged, decision: { ...judged.decision, verdict: "inconclusive", trips: false, reason } };
  }
  if (unknown.length === 0) return judged;
  const reason = `${judged.decision.reason}; ${unknownCapacityText(unknown)}`;
  return { ...judged, decision: { ...judged.decision, reason } };
}

interface Whole {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly notes: readonly string[];
}

function verdictOf(enforced: readonly JudgedRule[], view: ReleaseView): Whole {
  const having = (verdict: Verdict) => enforced.filter(({ decision }) => decision.verdict === verdict);
  for (const verdict of ["fail", "error"] as const) {
    const [first] = having(verdict);
    if (first !== undefined) return { verdict, reason: first.decision.reason, notes: [] };
  }
  if (!hasOwnEvidence(view)) {
    return { verdict: "inconclusive", reason: "no conversation of the canary in this step", notes: [] };
  }
  const open = having("inconclusive");
  const held = open.filter((rule) => !mayWait(rule, view));
  const [first] = held;
  const waiting = open
    .filter((rule) => !held.includes(rule))
    .map(
      ({ decision, isDelayed }) => `${decision.measure} is not decided yet; ${decidedBy(isDelayed, view)}`,
    );
  if (first !== undefined) return { verdict: "inconclusive", reason: first.decision.reason, notes: waiting };
  const reason =
    enforced.length === 0
      ? "no rule is enforced, and nothing broke"
      : open.length === 0
        ? "every rule passes"
        : `no rule fails; ${open.map(({ decision }) => decision.measure).join(", ")} may still be decided later`;
  return { verdict: "pass", reason, notes: waiting };
}

/** A conversation that began in this step at its share: the clock of a router may be ahead. */
function hasOwnEvidence({ totals, steps, moment }: ReleaseView): boolean {
  const own = steps.find(({ step, endedAt }) => step === moment.step && endedAt === null);
  if (moment.phase === "watch" || own === undefined) return totals.conversations.canary > 0;
  return (totals.newestCanaryAt.get(own.bps) ?? Number.NEGATIVE_INFINITY) >= own.startedAt;
}

/**
 * An open rule does not hold up a step while a later one can decide it: a small share is there to find breaks, and no
 * drop of two points. It does from the last step with a control on; a delayed outcome does at the end of the watch. One of
 * which nobody tells does at once: a later step would know no more.
 */
function mayWait({ decision, isDelayed, isSilent }: JudgedRule, view: ReleaseView): boolean {
  const { plan, moment } = view;
  if (isSilent) return false;
  if (isDelayed && moment.phase === "bake" && isWatched(view)) return true;
  const hasData = decision.canary.conversations > 0 && decision.stable.conversations > 0;
  return hasData && moment.phase === "bake" && moment.step < lastWithControl(plan.steps);
}

function isWatched({ plan }: ReleaseView): boolean {
  return plan.maturationMs > 0 && plan.watchMs >= plan.maturationMs;
}

function lastWithControl(steps: readonly { readonly bps: number }[]): number {
  return steps.reduce((last, { bps }, index) => (bps < ALL_BPS ? index : last), -1);
}

function decidedBy(isDelayed: boolean, view: ReleaseView): string {
  if (isDelayed && isWatched(view)) return "the watch after the promotion must, when outcomes are old enough";
  return `step ${lastWithControl(view.plan.steps) + 1} must, the last one with a control`;
}

/** What rules that moved together say about the cause. */
function patternNote(judged: readonly JudgedRule[]): string[] {
  const quality = judged.filter(
    ({ decision, isLatency }) => !isLatency && decision.verdict === "fail" && decision.unit !== "usd",
  );
  const latency = judged.filter(({ isLatency }) => isLatency);
  if (quality.length === 0 || latency.length === 0 || latency.some(({ isSuspicious }) => isSuspicious))
    return [];
  const names = quality.map(({ decision }) => decision.measure).join(", ");
  return [`${names} worse and latency flat: the model or its prompt, not the endpoint`];
}

function sourceNotes({ evidence }: ReleaseView): string[] {
  return [
    ...evidence.unreadable.map(({ source, reason }) => `${source} cannot be read: ${reason}`),
    ...(evidence.astray > 0
      ? [
          `${evidence.astray} conversations were told about under another tenant_id than that of their requests: but for verified violations that counts nowhere`,
        ]
      : []),
    ...(evidence.unassigned > 0
      ? [`${evidence.unassigned} requests named no id, went to stable and count nowhere`]
      : []),
  ];
}
