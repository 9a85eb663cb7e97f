import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Clock } from "../../core/clock.js";
import { ReleaseError, RouterError } from "../../core/errors.js";
import type { CanaryRollback } from "../../report/schemas/canary-command.js";
import { projectAftermath } from "../aftermath/project-aftermath.js";
import { storeBeside } from "../aftermath/store-beside.js";
import { openController } from "../controller/controller.js";
import { confirmedBps, LEFT_ALONE, rowsSinceState } from "../controller/history.js";
import type { ControllerPorts, Notifier } from "../controller/ports.js";
import type { StepDecision } from "../decisions/step-decision.js";
import { openEvidenceReader } from "../evidence/open-evidence-reader.js";
import type { ReleaseJournal, ReleaseRecord } from "../journal/journal.js";
import { holderName } from "../journal/lease-holder.js";
import { hasEnded } from "../machine/state.js";
import type { ReleasePlan } from "../plan/release-plan.js";
import type { TrafficRouter } from "../routers/router.js";
import { refuseOtherRouter } from "../start/other-router.js";
import { chosenRelease, type OpenService } from "./open-service.js";
import { probeUrl } from "./probe-url.js";
import { stateDocument } from "./release-documents.js";
import { isAlive } from "./release-status.js";

/** What was typed. */
export interface RollbackFlags {
  readonly id?: string;
  readonly reason?: string;
  readonly force?: boolean;
  /** Seconds. */
  readonly timeout?: number;
}

/** What a rollback needs beside the journal. */
export interface RollbackParts {
  readonly actor: string;
  readonly clock: Clock;
  /** Opened only when this command has to act by itself. */
  readonly openRouter: () => TrafficRouter;
  readonly notifier: Notifier;
  /** Tells people on this terminal, one sentence. */
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

const LEASE_TTL_MS = 30_000;
const LOOK_EVERY_MS = 100;
/** How long a controller that lives has to take the request; then the lease is taken from it. */
const PATIENCE_MS = 10_000;

/**
 * Takes all traffic off the new version and returns when that was read back. A controller that lives is asked; when none
 * does, or it does not react, this process takes the lease and does it. Needs neither metrics store nor controller; may be
 * repeated; does nothing when nothing is live.
 *
 * @throws {RouterError} when it is not confirmed within `timeout`; the request stays in the journal
 */
export async function rollBack(
  service: OpenService,
  flags: RollbackFlags,
  parts: RollbackParts,
): Promise<CanaryRollback> {
  const { journal, config } = service;
  const given = flags.reason?.trim() ?? "";
  const reason = given === "" ? "rollback requested" : given;
  const told = { actor: parts.actor, reason };
  const release = flags.id === undefined ? journal.live(config.service) : chosenRelease(service, flags.id);
  if (release === null || hasEnded(release.state)) return nothingLive(service, release, told);
  journal.request(release.id, parts.clock.now(), {
    type: "abort-requested",
    actor: parts.actor,
    reason: flags.force === true ? `${reason} (forced: without a probe of the stable version)` : reason,
  });
  const by = await untilDone(service, release.id, "abort-requested", flags, parts);
  return rolledBack(journal, release.id, by, told);
}

/**
 * Takes the live release of a service back, as {@link rollBack} does, because another one takes its place; the journal
 * calls it superseded. Does nothing when none is live.
 *
 * @throws {ReleaseError} `RELEASE_LIVE` when traffic must stay on it, since the stable version does not answer
 */
export async function supersedeLive(
  service: OpenService,
  successor: string,
  parts: RollbackParts,
): Promise<void> {
  const { journal, config } = service;
  const live = journal.live(config.service);
  if (live === null) return;
  parts.note(`${live.id} is taken back first: ${successor} takes its place`);
  journal.request(live.id, parts.clock.now(), {
    type: "superseded",
    actor: parts.actor,
    reason: `${successor} takes its place`,
  });
  await untilDone(service, live.id, "superseded", {}, parts);
  const { state } = known(journal, live.id);
  if (hasEnded(state)) return;
  throw new ReleaseError("RELEASE_LIVE", `release ${live.id} is held: the stable version does not answer`, {
    nextStep:
      "Bring the stable version back, or use agentctl canary rollback --force --reason; then start again.",
  });
}

function nothingLive(
  { journal, config }: OpenService,
  release: ReleaseRecord | null,
  told: { readonly actor: string; readonly reason: string },
): CanaryRollback {
  const newest = release ?? journal.list({ service: config.service, limit: 1 })[0] ?? null;
  const isPromoted = newest?.state.name === "SUCCEEDED";
  return {
    releaseId: release?.id ?? null,
    outcome: "nothing-live",
    by: null,
    ...told,
    state: release === null ? null : stateDocument(release.state),
    stable: journal.stable(config.service),
    splitBps: null,
    notes: isPromoted
      ? [
          `${newest.id} is promoted; agentctl canary rollback --to ${newest.plan.stable.agentVersion} goes back`,
        ]
      : [],
  };
}

function rolledBack(
  journal: ReleaseJournal,
  releaseId: string,
  by: "controller" | "command",
  told: { readonly actor: string; readonly reason: string },
): CanaryRollback {
  const { state, plan } = known(journal, releaseId);
  const isHeld = state.name === "ROLLBACK_HELD";
  const rows = journal.rows(releaseId);
  const leftAlone = rows.find(({ event }) => event === LEFT_ALONE)?.reason;
  return {
    releaseId,
    outcome: isHeld ? "held" : state.name === "CANCELLED" ? "cancelled" : "rolled-back",
    by,
    ...told,
    state: stateDocument(state),
    stable: journal.stable(plan.service),
    splitBps:
      leftAlone === undefined && rows.some(({ kind }) => kind === "readback") ? confirmedBps(rows) : null,
    notes: isHeld
      ? [
          "bring the stable version back: with a controller the rollback then goes on by itself, else repeat this command",
          "or send its traffic to a version that does not answer: --force --reason",
        ]
      : leftAlone === undefined
        ? []
        : [leftAlone],
  };
}

/** @returns who did it */
async function untilDone(
  service: OpenService,
  releaseId: string,
  type: "abort-requested" | "superseded",
  flags: RollbackFlags,
  parts: RollbackParts,
): Promise<"controller" | "command"> {
  const { journal } = service;
  const { clock, signal } = parts;
  const start = clock.monotonic();
  let patientSince = start;
  while (true) {
    const release = known(journal, releaseId);
    // A release that is to be superseded goes to 0 first, and keeps the request until then.
    const isOnItsWay =
      type === "superseded" && (release.state.name === "ABORTING" || release.state.name === "ROLLBACK_HELD");
    const isAsked = !isOnItsWay && journal.requests(releaseId).some(({ event }) => event.type === type);
    if (hasEnded(release.state) || (!isAsked && release.state.name === "ROLLBACK_HELD")) return "controller";
    const isInHands = isAlive(journal.lease(release.plan.service), clock.now());
    const failed = rowsSinceState(journal.rows(releaseId), "rollback-failed").at(-1)?.reason;
    let isPatient = clock.monotonic() - patientSince < PATIENCE_MS;
    if (!isPatient && !isAsked) {
      isPatient = failed === undefined || !(await reachesRouter(parts));
      if (isPatient) patientSince = clock.monotonic();
    }
    if (flags.force !== true && isInHands && isPatient) {
      await setTimeout(LOOK_EVERY_MS, undefined, { signal });
      refuseIfLate(
        flags,
        clock.monotonic() - start,
        failed === undefined
          ? "the controller has not confirmed it"
          : `the controller tries again and again: ${failed}`,
        "It stays asked for in the journal. Repeat the command, or set the split to 0 at the router by hand.",
      );
      continue;
    }
    try {
      await actAlone(service, releaseId, flags, parts, start);
      return "command";
    } catch (error) {
      if (!(error instanceof ReleaseError && error.code === "RELEASE_FENCED")) throw error;
      // Somebody else took over at the same moment, for the same end.
      patientSince = clock.monotonic();
    }
  }
}

/** Whether this process could do what a controller cannot, which has perhaps another token or is cut off. */
async function reachesRouter({ openRouter, signal }: RollbackParts): Promise<boolean> {
  const router = openRouter();
  try {
    await router.get(signal);
    return true;
  } catch (error) {
    if (!(error instanceof RouterError)) throw error;
    return false;
  } finally {
    await router.close();
  }
}

interface AloneParts {
  readonly router: TrafficRouter;
  readonly flags: RollbackFlags;
  readonly parts: RollbackParts;
  /** By the monotonic clock. */
  readonly start: number;
}

/** Takes the lease, and turns the controller until the release has ended or is held. */
async function actAlone(
  service: OpenService,
  releaseId: string,
  flags: RollbackFlags,
  parts: RollbackParts,
  start: number,
): Promise<void> {
  // First: who has no token, or reaches another router, must not take the lease from a controller that has.
  const router = parts.openRouter();
  try {
    const release = known(service.journal, releaseId);
    if (flags.force !== true) await refuseOtherRouter(service, release, router, parts.signal);
    await turnAlone(service, release, { router, flags, parts, start });
  } finally {
    await router.close();
  }
}

async function turnAlone(
  service: OpenService,
  { id, plan }: ReleaseRecord,
  { router, flags, parts, start }: AloneParts,
): Promise<void> {
  const { journal } = service;
  const { clock, signal, note } = parts;
  const holder = `${holderName()}:rollback:${randomUUID()}`;
  journal.seizeLease(plan.service, holder, clock.now(), LEASE_TTL_MS);
  const options = { holder, leaseTtlMs: LEASE_TTL_MS };
  const controller = openController(id, portsOf(service, plan, router, flags, parts), options);
  try {
    for (let told = ""; ; ) {
      const { release, nextInMs } = await controller.tick(signal);
      const isOver = !Number.isFinite(nextInMs);
      if (isOver || release.state.name === "ROLLBACK_HELD") return;
      const problem = journal.rows(id).findLast(({ event }) => event === "rollback-failed")?.reason ?? "";
      if (problem !== told) note(`not yet: ${problem}; repeated until it is confirmed`);
      told = problem;
      refuseIfLate(
        flags,
        clock.monotonic() - start,
        problem,
        // It has the lease: a controller that tried before was fenced, and has ended.
        "Nobody tries again now. Repeat the command without --timeout, or go on with `agentctl canary start --resume`; or set the split to 0 at the router by hand.",
      );
      await setTimeout(nextInMs, undefined, { signal });
    }
  } finally {
    await controller.close();
  }
}

/** What an abort touches: no metrics store, and no figures. */
function portsOf(
  { journal, config, folder }: OpenService,
  plan: ReleasePlan,
  router: TrafficRouter,
  { force }: RollbackFlags,
  parts: RollbackParts,
): ControllerPorts {
  const reason = "a rollback by command judges no figures";
  const evidence = openEvidenceReader(config, { folder, router, capacity: null, clock: parts.clock });
  return {
    clock: parts.clock,
    journal,
    router,
    prober: {
      arm: async (arm, signal) => {
        if (force === true)
          return arm === "stable" ? { ok: true } : { ok: false, reason: "not asked: --force" };
        return probeUrl(plan[arm].url, signal);
      },
      landing: async () => ({ ok: false, reason }),
    },
    evidence,
    decide: () => undecided(reason),
    notifier: parts.notifier,
    aftermath: projectAftermath({
      journal,
      evidence,
      root: folder,
      openStore: storeBeside(folder),
      baselineTag: null,
      captures: resolve(folder, config.captures),
      clock: parts.clock,
      note: parts.note,
    }),
  };
}

function undecided(reason: string): StepDecision {
  return {
    verdict: "error",
    reason,
    abort: null,
    mismatch: null,
    control: null,
    capacity: null,
    rules: [],
    conversations: { canary: 0, stable: 0 },
    unassigned: 0,
    notes: [],
  };
}

function refuseIfLate({ timeout }: RollbackFlags, passedMs: number, problem: string, nextStep: string): void {
  if (timeout === undefined || passedMs < timeout * 1000) return;
  throw new RouterError("ROUTER_FAILED", `rollback not confirmed within ${timeout} s: ${problem}`, {
    nextStep,
  });
}

function known(journal: ReleaseJournal, id: string): ReleaseRecord {
  const release = journal.get(id);
  if (release !== null) return release;
  throw new ReleaseError("RELEASE_UNKNOWN", `expected release ${id} in the journal, found none`);
}
