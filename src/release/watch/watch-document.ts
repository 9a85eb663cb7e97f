import type { CanaryWatch } from "../../report/schemas/canary-watch.js";
import { rowDocument } from "../commands/release-documents.js";
import { isAlive, releaseStatus } from "../commands/release-status.js";
import { lastSplitIntent, lastTransition, stepLogs } from "../controller/history.js";
import { conversationsOfStep } from "../controller/look.js";
import { decide } from "../decisions/decide.js";
import { viewOf } from "../decisions/release-view.js";
import type { ReleaseEvidence } from "../evidence/release-evidence.js";
import type { JournalRow, ReleaseJournal, ReleaseRecord } from "../journal/journal.js";
import { hasEnded } from "../machine/state.js";
import { armFigures } from "./arm-figures.js";
import { nextDecision } from "./next-decision.js";
import { ruleFigures } from "./rule-figures.js";

const LAST_ROWS = 5;

/** Notices that were sent say again what the row before them says. */
export function isShown({ event }: { readonly event: string }): boolean {
  return event !== "notify";
}

/** What the figures of a release came to at one moment. */
export type WatchFigures = Pick<
  CanaryWatch,
  "stepConversations" | "arms" | "decision" | "rules" | "unreadable"
>;

/** Judges evidence as the controller does; the figures of a release that ended are those of its end. */
export function watchFigures(
  release: ReleaseRecord,
  rows: readonly JournalRow[],
  evidence: ReleaseEvidence,
  now: number,
): WatchFigures {
  const { plan, state } = release;
  const steps = stepLogs(rows, plan);
  const begun = steps[0]?.startedAt ?? Number.POSITIVE_INFINITY;
  const unreadable = evidence.unreadable.map(({ source, reason }) => `${source} cannot be read: ${reason}`);
  const arms = armFigures(evidence, begun);
  if (steps.length === 0) return { stepConversations: 0, arms, decision: null, rules: [], unreadable };
  const step = "step" in state ? state.step : (steps.at(-1)?.step ?? 0);
  const phase = state.name === "WATCHING" || state.name === "SUCCEEDED" ? "watch" : "bake";
  const at = hasEnded(state) ? Date.parse(release.since) : now;
  const moment = { now: at, step, steps, phase } as const;
  const decision = decide(evidence, plan, moment);
  const seen = { at, step, steps, evidence, decision };
  const { verdict, reason, abort, mismatch, control, capacity, unassigned, notes } = decision;
  return {
    stepConversations: conversationsOfStep(seen),
    arms,
    decision: { verdict, reason, abort, mismatch, control, capacity, unassigned, notes: [...notes] },
    rules: ruleFigures(decision.rules, plan.rules, viewOf(evidence, plan, moment)),
    unreadable,
  };
}

/** Everything that is shown of a release at one moment. */
export function watchDocument(
  journal: Pick<ReleaseJournal, "rows" | "lease" | "requests">,
  release: ReleaseRecord,
  figures: WatchFigures,
  router: CanaryWatch["router"],
  now: number,
): CanaryWatch {
  const rows = journal.rows(release.id);
  const lease = journal.lease(release.plan.service);
  return {
    at: new Date(now).toISOString(),
    status: releaseStatus(journal, release, now),
    router,
    targetBps: lastSplitIntent(rows)?.targetBps ?? null,
    ...figures,
    alpha: release.plan.alpha,
    next: nextDecision({
      release,
      decision: figures.decision,
      stepConversations: figures.stepConversations,
      silentSince: lease === null ? null : lease.expiresAt,
      judgedAt: judgedAt(rows, release),
      reason: reasonOf(lastTransition(rows)),
      isControlled: isAlive(lease, now),
      now,
    }),
    rows: rows.filter(isShown).slice(-LAST_ROWS).map(rowDocument),
  };
}

/** When the present step was last judged. */
function judgedAt(rows: readonly JournalRow[], { state }: ReleaseRecord): number | null {
  const last = rows.findLast(
    ({ kind, to }) => kind === "evaluation" && "step" in to && "step" in state && to.step === state.step,
  );
  return last === undefined ? null : Date.parse(last.at);
}

function reasonOf(last: JournalRow | null): string {
  if (last === null) return "nobody knows why";
  return last.actor === "controller" ? last.reason : `${last.reason} (${last.actor})`;
}
