import { randomUUID } from "node:crypto";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import type { Clock } from "../../core/clock.js";
import { ReleaseError } from "../../core/errors.js";
import { contentHash, type Json } from "../../core/hash.js";
import { ALL_BPS } from "../../core/traffic-split.js";
import type { CanaryRollback } from "../../report/schemas/canary-command.js";
import type { NewRow, ReleaseJournal, ReleaseRecord } from "../journal/journal.js";
import { holderName } from "../journal/lease-holder.js";
import type { Artefact } from "../plan/release-plan.js";
import type { TrafficRouter } from "../routers/router.js";
import type { OpenService } from "./open-service.js";
import { probeUrl } from "./probe-url.js";
import { stateDocument } from "./release-documents.js";

const LEASE_TTL_MS = 60_000;

/**
 * Goes back to a recorded version after a promotion: the pointer of the service names it again, and where release.yaml
 * still has it as an arm of a router that does not move addresses itself, its traffic goes there at once. Only after its
 * probe passes; `force` leaves that out. Intent, effect, read back, confirm.
 *
 * @param reference - release (what it promoted), or the beginning of an agent version of at least 6 characters
 * @throws {ReleaseError} `RELEASE_LIVE` while a release is live; `RELEASE_UNKNOWN`; `RELEASE_REFUSED` when it is down
 */
export async function pointBack(
  { journal, config }: OpenService,
  reference: string,
  flags: { readonly reason?: string; readonly force?: boolean },
  parts: {
    readonly actor: string;
    readonly clock: Clock;
    readonly openRouter: () => TrafficRouter;
    readonly signal: AbortSignal;
  },
): Promise<CanaryRollback> {
  const { service } = config;
  const given = flags.reason?.trim() ?? "";
  refuseIfLive(journal, service);
  const releases = journal.list({ service });
  const target = recordedVersion(releases, reference, service);
  await refuseIfDown(target, flags.force, parts.signal);
  const router = parts.openRouter();
  try {
    const bps = router.promote === undefined ? shareFor(target, config) : null;
    const newest = releases[0] as ReleaseRecord;
    const told = {
      actor: parts.actor,
      reason: given === "" ? `rollback to ${target.agentVersion}` : given,
    };
    const lease = journal.seizeLease(
      service,
      `${holderName()}:rollback-to:${randomUUID()}`,
      parts.clock.now(),
      LEASE_TTL_MS,
    );
    try {
      const previous = { pointer: journal.stable(service), target };
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
      if (bps !== null) await move(router, bps, newest.plan.salt, parts.signal);
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
      notes:
        bps === null
          ? [
              `this is written down, and no traffic was moved by it: make ${target.url} the stable address of the router ` +
                `(${router.promote === undefined ? "where your platform keeps it" : "`arms.stable` of gateway.yaml, then restart the gateway"})`,
            ]
          : [],
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

async function refuseIfDown(
  target: Artefact,
  force: boolean | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (force === true) return;
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

/** Share that sends everything to a version; `null`: it is no arm of release.yaml now. */
function shareFor({ url }: Artefact, { stable, canary }: ReleaseConfig): number | null {
  if (url === stable.url) return 0;
  return url === canary.url ? ALL_BPS : null;
}

async function move(router: TrafficRouter, bps: number, salt: string, signal: AbortSignal): Promise<void> {
  await router.set({ bps, salt }, signal);
  const found = await router.get(signal);
  if (found.bps === bps) return;
  throw new ReleaseError("RELEASE_REFUSED", `set the split to ${bps} basis points, read back ${found.bps}`, {
    nextStep: "Repeat the command; the pointer was not moved.",
  });
}

function rowOf(
  { state, plan }: ReleaseRecord,
  targetBps: number | null,
  told: { readonly actor: string; readonly reason: string },
  evidenceHash: string,
): Omit<NewRow, "kind"> {
  const salt = targetBps === null ? null : plan.salt;
  return {
    event: "point-back",
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
