import { randomUUID } from "node:crypto";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import type { Clock } from "../../core/clock.js";
import { ReleaseError } from "../../core/errors.js";
import { contentHash, type Json } from "../../core/hash.js";
import { ALL_BPS } from "../../core/traffic-split.js";
import type { CanaryRollback } from "../../report/schemas/canary-command.js";
import { POINT_BACK } from "../controller/history.js";
import type { NewRow, ReleaseJournal, ReleaseRecord } from "../journal/journal.js";
import { holderName } from "../journal/lease-holder.js";
import type { Artefact } from "../plan/release-plan.js";
import type { TrafficRouter } from "../routers/router.js";
import { refuseOtherRouter } from "../start/other-router.js";
import type { OpenService } from "./open-service.js";
import { probeUrl } from "./probe-url.js";
import { stateDocument } from "./release-documents.js";

const LEASE_TTL_MS = 60_000;

/**
 * Goes back to a recorded version after a promotion: the pointer of the service names it again, and where release.yaml
 * still has it as an arm, its traffic goes there at once. Only after its probe passes; `force` leaves that out. Intent,
 * effect, read back, confirm.
 *
 * @param reference - release (what it promoted), or the beginning of an agent version of at least 6 characters
 * @throws {ReleaseError} `RELEASE_LIVE` while a release is live; `RELEASE_UNKNOWN`; `RELEASE_REFUSED` when it is down
 */
export async function pointBack(
  service: OpenService,
  reference: string,
  flags: { readonly reason?: string; readonly force?: boolean },
  parts: {
    readonly actor: string;
    readonly clock: Clock;
    readonly openRouter: () => TrafficRouter;
    readonly signal: AbortSignal;
  },
): Promise<CanaryRollback> {
  const { journal, config } = service;
  const name = config.service;
  const given = flags.reason?.trim() ?? "";
  refuseIfLive(journal, name);
  const releases = journal.list({ service: name });
  const target = recordedVersion(releases, reference, name);
  const router = parts.openRouter();
  try {
    const bps = shareFor(target, config, router);
    const newest = releases[0] as ReleaseRecord;
    if (flags.force !== true) {
      await refuseOtherRouter(service, newest, router, parts.signal);
      await refuseIfDown(target, parts.signal);
    }
    const told = {
      actor: parts.actor,
      reason: given === "" ? `rollback to ${target.agentVersion}` : given,
    };
    const lease = journal.seizeLease(
      name,
      `${holderName()}:rollback-to:${randomUUID()}`,
      parts.clock.now(),
      LEASE_TTL_MS,
    );
    try {
      const previous = { pointer: journal.stable(name), target };
      const evidence = JSON.parse(JSON.stringify(previous)) as Json;
      const row = rowOf(newest, bps, told, contentHash(evidence));
      const write = (kind: NewRow["kind"], more: { evidence?: readonly Json[]; stable?: Artefact }) =>
        journal.append(newest.id, {
          epoch: lease.epoch,
          at: parts.clock.now(),
          rows: [{ ...row, kind }],
          ...more,
        });
      write("intent", { evidence: [evidence] });
      if (bps !== null) await move(router, { bps, target, salt: newest.plan.salt }, parts.signal);
      write("readback", { stable: target });
    } finally {
      journal.releaseLease(lease);
    }
    return {
      releaseId: newest.id,
      outcome: "pointed-back",
      by: "command",
      ...told,
      state: stateDocument(newest.state),
      stable: target,
      splitBps: bps,
      notes: bps === null ? [untouched(target, router)] : [],
    };
  } finally {
    await router.close();
  }
}

function refuseIfLive(journal: ReleaseJournal, service: string): void {
  const live = journal.live(service);
  if (live === null) return;
  throw new ReleaseError("RELEASE_LIVE", `service ${service}: expected no live release, found ${live.id}`, {
    nextStep: "agentctl canary rollback takes it back first.",
  });
}

async function refuseIfDown(target: Artefact, signal: AbortSignal): Promise<void> {
  const probe = await probeUrl(target.url, signal);
  if (probe.ok) return;
  throw new ReleaseError(
    "RELEASE_REFUSED",
    `version ${target.agentVersion} does not answer: ${probe.reason}`,
    {
      nextStep: "Start it first. --force --reason goes there all the same.",
    },
  );
}

/**
 * Share at which a version that release.yaml still has as an arm gets everything; `null`: none. A router that moves addresses
 * gives the stable one back to the server that had it; to the other one, a release leads.
 */
function shareFor(
  { url, model }: Artefact,
  config: ReleaseConfig,
  { promote }: TrafficRouter,
): number | null {
  const isAt = (arm: ReleaseConfig["stable"]) => arm.url === url && (arm.model ?? null) === model;
  if (isAt(config.stable)) return 0;
  return isAt(config.canary) && promote === undefined ? ALL_BPS : null;
}

interface Move {
  readonly bps: number;
  readonly salt: string;
  readonly target: Artefact;
}

/** Sends everything to a version, and reads that back. */
async function move(router: TrafficRouter, { bps, salt, target }: Move, signal: AbortSignal): Promise<void> {
  await router.demote?.(target, signal);
  await router.set({ bps, salt }, signal);
  const found = await router.get(signal);
  const isPromoted = (await router.isPromoted?.(signal)) ?? false;
  if (found.bps === bps && !isPromoted) return;
  const address = isPromoted ? ", and the new version's address is still the stable one" : "";
  throw new ReleaseError(
    "RELEASE_REFUSED",
    `set the split to ${bps} basis points, read back ${found.bps}${address}`,
    { nextStep: "Repeat the command; the pointer was not moved." },
  );
}

function untouched({ url }: Artefact, { promote }: TrafficRouter): string {
  const where =
    promote === undefined
      ? "where your platform keeps it"
      : "`arms.stable` of gateway.yaml, then restart the gateway";
  return `this is written down, and no traffic was moved by it: make ${url} the stable address of the router (${where})`;
}

function rowOf(
  { state, plan }: ReleaseRecord,
  targetBps: number | null,
  told: { readonly actor: string; readonly reason: string },
  evidenceHash: string,
): Omit<NewRow, "kind"> {
  const salt = targetBps === null ? null : plan.salt;
  return {
    event: POINT_BACK,
    from: state,
    to: state,
    targetBps,
    previousBps: null,
    salt,
    evidenceHash,
    ...told,
  };
}

/** The newest version that the reference names, among those that were stable or promoted. */
function recordedVersion(releases: readonly ReleaseRecord[], reference: string, service: string): Artefact {
  const named = releases.find(({ id }) => id === reference);
  if (named !== undefined && named.state.name === "SUCCEEDED") return named.plan.canary;
  const known = releases.flatMap(({ plan, state }) =>
    state.name === "SUCCEEDED" ? [plan.canary, plan.stable] : [plan.stable],
  );
  const found = known.filter(
    ({ agentVersion }) =>
      agentVersion === reference || (reference.length >= 6 && agentVersion.startsWith(reference)),
  );
  const versions = new Set(found.map(({ agentVersion }) => agentVersion));
  const [first] = found;
  if (first !== undefined && versions.size === 1) return first;
  const what =
    named !== undefined
      ? `release ${reference} did not succeed`
      : versions.size > 1
        ? `${reference} names ${versions.size} versions`
        : `no version ${reference} was stable or promoted`;
  throw new ReleaseError("RELEASE_UNKNOWN", `service ${service}: ${what}`, {
    nextStep: `Recorded are ${[...new Set(known.map(({ agentVersion }) => agentVersion))].join(", ") || "none"}.`,
  });
}
