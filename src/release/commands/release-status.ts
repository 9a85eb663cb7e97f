import { EXIT, type ExitCode } from "../../core/exit-codes.js";
import type { CanaryStatus } from "../../report/schemas/canary-command.js";
import { openCapacityNote } from "../controller/capacity-notes.js";
import { confirmedBps, lastTransition, POINT_BACK, stepLogs } from "../controller/history.js";
import type { ControllerLease, ReleaseJournal, ReleaseRecord } from "../journal/journal.js";
import { hasHolderEnded } from "../journal/lease-holder.js";
import { allowedRequests, REQUEST_VERBS } from "../machine/allowed.js";
import { hasEnded, type ReleaseState } from "../machine/state.js";
import { releaseDocument, rowDocument } from "./release-documents.js";

type Outcome = CanaryStatus["outcome"];

const OUTCOMES: Partial<Record<ReleaseState["name"], Outcome>> = {
  SUCCEEDED: "promoted",
  ABORTING: "rolled-back",
  ROLLED_BACK: "rolled-back",
  CANCELLED: "cancelled",
  SUPERSEDED: "superseded",
  ROLLBACK_HELD: "held",
};

const CODES = {
  promoted: EXIT.ok,
  "rolled-back": EXIT.gateFailed,
  cancelled: EXIT.gateFailed,
  superseded: EXIT.gateFailed,
  held: EXIT.infrastructure,
  live: EXIT.inconclusive,
} as const satisfies Record<Outcome, ExitCode>;

/** What `agentctl canary status` exits with: only a release that succeeded is 0. */
export function exitCodeOfStatus({ outcome }: CanaryStatus): ExitCode {
  return CODES[outcome];
}

/** Whether a controller holds the service now, as far as this machine can tell. */
export function isAlive(lease: ControllerLease | null, now: number): lease is ControllerLease {
  return lease !== null && lease.expiresAt > now && !hasHolderEnded(lease.holder);
}

/** Where a release stands, by its journal alone. */
export function releaseStatus(
  journal: Pick<ReleaseJournal, "rows" | "lease" | "requests">,
  release: ReleaseRecord,
  now: number,
): CanaryStatus {
  const rows = journal.rows(release.id);
  const last =
    rows.findLast(({ event, kind }) => event === POINT_BACK && kind === "readback") ?? lastTransition(rows);
  const lease = journal.lease(release.plan.service);
  const isoTime = (at: number | undefined | null) =>
    at === undefined || at === null ? null : new Date(at).toISOString();
  const logs = stepLogs(rows, release.plan);
  const note = openCapacityNote(rows);
  return {
    release: releaseDocument(release),
    outcome: OUTCOMES[release.state.name] ?? "live",
    confirmedBps: confirmedBps(rows),
    steps: release.plan.steps.map((planned, step) => {
      const log = logs.find((candidate) => candidate.step === step);
      return { step, ...planned, startedAt: isoTime(log?.startedAt), endedAt: isoTime(log?.endedAt) };
    }),
    bakedMs: release.bakedMs,
    extendedMs: release.extendedMs,
    counters: release.counters,
    unknownCapacity:
      note === null || hasEnded(release.state) ? null : { since: note.at, reason: note.reason },
    controller:
      lease === null
        ? null
        : {
            holder: lease.holder,
            epoch: lease.epoch,
            expiresAt: new Date(lease.expiresAt).toISOString(),
            isAlive: isAlive(lease, now),
          },
    requests: journal.requests(release.id).map(({ at, event }) => ({
      at,
      request: REQUEST_VERBS[event.type],
      actor: event.actor,
      reason: event.reason,
    })),
    takes: allowedRequests(release.state).map((type) => REQUEST_VERBS[type]),
    last: last === null ? null : rowDocument(last),
  };
}
