import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import type { Clock } from "../../core/clock.js";
import { AgentctlError, ReleaseError } from "../../core/errors.js";
import type { Json } from "../../core/hash.js";
import { namesFile } from "../../eval/baseline/find-baseline.js";
import { readGatesFile } from "../../eval/gate/read-gates-file.js";
import type { OpenService } from "../commands/open-service.js";
import type { ReleaseJournal, ReleaseRecord } from "../journal/journal.js";
import { openReleaseJournal } from "../journal/open-release-journal.js";
import { hasEnded, stateText } from "../machine/state.js";
import { makePlan } from "../plan/make-plan.js";
import type { Artefact, ReleasePlan } from "../plan/release-plan.js";
import { readPolicy, readReleaseFile } from "../planning/read-rollout-files.js";
import { routerName } from "../routers/router-name.js";
import { agentVersion } from "./agent-version.js";
import { changedPolicyNote, refuseOtherArms } from "./frozen-plan.js";
import { findProof, type ProofSource, refuseUnlessProven } from "./gate-proof.js";
import { type OpenPorts, openPorts } from "./open-ports.js";
import { refuseOtherRouter } from "./other-router.js";
import { refuseLostJournal } from "./refuse-lost-journal.js";
import { refuseSameAddress } from "./refuse-same-address.js";
import { runController } from "./run-controller.js";

/** What was typed. */
export interface StartFlags extends Omit<ProofSource, "gates"> {
  readonly release: string;
  readonly gates: string;
  /** Nothing is written, no traffic moves. */
  readonly dryRun?: boolean;
  /** `true`: the live release; else its id. */
  readonly resume?: string | true;
  /** A live release is taken back first. */
  readonly supersede?: boolean;
}

export interface StartPlaces {
  readonly workingDirectory: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
  readonly author: string;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  /** Takes back what is live. Returns when its traffic is 0. */
  readonly endLive: (
    service: OpenService,
    successor: { readonly id: string; readonly author: string },
  ) => Promise<void>;
}

/** What starting a release came to. */
export interface StartedRelease {
  /** `null` in a dry run. */
  readonly record: ReleaseRecord | null;
  readonly plan: ReleasePlan;
  /** Whether the controller stopped before the end, and another one must go on. */
  readonly isLeft: boolean;
}

/**
 * `agentctl canary start`: makes the plan, writes it into the journal and turns the controller until the release has
 * ended or somebody stops it; with `resume`, goes on with one that has a plan already.
 *
 * @throws {ConfigError} {UsageError} for files and flags that cannot be used
 * @throws {ReleaseError} `RELEASE_REFUSED` without a proof, `RELEASE_LIVE` when another release is under way
 */
export async function startRelease(flags: StartFlags, places: StartPlaces): Promise<StartedRelease> {
  const config = readReleaseFile(flags.release, places.workingDirectory);
  const folder = folderOf(flags, places);
  const file = resolve(folder, config.journal);
  if (flags.resume !== undefined) {
    if (!existsSync(file)) throw unknownRelease(config.service);
    return withJournal(file, async (journal) =>
      control(flags, places, config, journal, resumed(journal, config, flags.resume as string | true)),
    );
  }
  refuseLostJournal(file, places.env);
  const proven = await prove(flags, places, config, folder);
  if (flags.dryRun === true) {
    const stable = existsSync(file)
      ? await withJournal(file, async (journal) => stableOf(journal, config))
      : stableOf(null, config);
    return { record: null, plan: planOf(proven, config, stable, "dry-run"), isLeft: false };
  }
  return withJournal(file, async (journal) => {
    const id = releaseId(places.clock.now());
    if (flags.supersede === true) {
      // What is wrong with the new one must not cost the live one.
      planOf(proven, config, stableOf(journal, config), id);
      const service = { config, file: flags.release, folder, journal };
      await places.endLive(service, { id, author: places.author });
    }
    const plan = planOf(proven, config, stableOf(journal, config), id);
    const ports = open(flags, places, config, journal);
    try {
      const report = JSON.parse(JSON.stringify(proven.report)) as Json;
      journal.create({ id, plan, author: places.author, at: places.clock.now(), evidence: [report] });
      places.note(`release ${id} of ${plan.service}`);
      return await turn(id, ports, places);
    } finally {
      await ports.close();
    }
  });
}

/** Relative paths of release.yaml start there. */
function folderOf({ release }: StartFlags, { workingDirectory }: StartPlaces): string {
  return dirname(resolve(workingDirectory, release));
}

async function prove(flags: StartFlags, places: StartPlaces, config: ReleaseConfig, folder: string) {
  const { workingDirectory, env, clock } = places;
  const policy = readPolicy(flags.gates, workingDirectory);
  const found = findProof(flags, workingDirectory, clock);
  const dataFolder = resolve(folder, ".agentctl");
  const version =
    config.agent === undefined
      ? null
      : await agentVersion(config.agent, { folder, workingDirectory, env, dataFolder });
  refuseUnlessProven(found, { version, maxAgeMs: policy.gate_report_max_age, now: clock.now() });
  for (const note of found.notes) places.note(`gate report: ${note}`);
  return { policy, proof: found.proof, report: found.report, folder };
}

function planOf(
  { policy, proof, folder }: Awaited<ReturnType<typeof prove>>,
  config: ReleaseConfig,
  stable: Artefact,
  salt: string,
): ReleasePlan {
  const { url, model = null } = config.canary;
  const canary = { agentVersion: proof.agentVersion, url, model, runId: proof.runId };
  return makePlan(policy, config, { canary, stable, proof, router: routerName(config.router, folder), salt });
}

/** What stable is: where release.yaml says, of the version that was promoted last. */
function stableOf(journal: ReleaseJournal | null, config: ReleaseConfig): Artefact {
  const pointer = journal?.stable(config.service) ?? null;
  refuseSameAddress(pointer, config);
  const { url, model = null } = config.stable;
  return { agentVersion: pointer?.agentVersion ?? "unknown", url, model, runId: pointer?.runId ?? null };
}

function resumed(journal: ReleaseJournal, config: ReleaseConfig, id: string | true): string {
  const { service } = config;
  const release =
    id === true ? (journal.live(service) ?? journal.list({ service, limit: 1 })[0]) : journal.get(id);
  if (release != null && release.plan.service === service) return release.id;
  throw unknownRelease(service);
}

function unknownRelease(service: string): ReleaseError {
  return new ReleaseError(
    "RELEASE_UNKNOWN",
    `service ${service}: expected a release to go on with, found none`,
    { nextStep: "agentctl canary history lists the releases." },
  );
}

async function control(
  flags: StartFlags,
  places: StartPlaces,
  config: ReleaseConfig,
  journal: ReleaseJournal,
  id: string,
): Promise<StartedRelease> {
  const release = journal.get(id) as ReleaseRecord;
  refuseOtherArms(release, config, flags.release);
  tellChangedPolicy(flags, places, config, release.plan);
  const ports = open(flags, places, config, journal);
  try {
    if (!hasEnded(release.state)) {
      const service = { config, file: flags.release, folder: folderOf(flags, places), journal };
      await refuseOtherRouter(service, release, ports.router, places.signal);
    }
    places.note(`release ${id}: goes on in ${stateText(release.state)}`);
    return await turn(id, ports, places);
  } finally {
    await ports.close();
  }
}

/** The plan is frozen: a gate file that is gone or broken must not keep a release from going on. */
function tellChangedPolicy(
  { gates }: StartFlags,
  { workingDirectory, note }: StartPlaces,
  config: ReleaseConfig,
  plan: ReleasePlan,
): void {
  try {
    const changed = changedPolicyNote(plan, readPolicy(gates, workingDirectory), config);
    if (changed !== null) note(changed);
  } catch (error) {
    if (!(error instanceof AgentctlError)) throw error;
    note(`${gates} cannot be read, and is not asked: the plan was frozen. ${error.message}`);
  }
}

async function turn(
  releaseId: string,
  ports: OpenPorts,
  { signal, note }: StartPlaces,
): Promise<StartedRelease> {
  const record = await runController({ releaseId, ports, signal, note });
  return { record, plan: record.plan, isLeft: !hasEnded(record.state) };
}

function open(
  flags: StartFlags,
  places: StartPlaces,
  config: ReleaseConfig,
  journal: ReleaseJournal,
): OpenPorts {
  const { workingDirectory, env, clock, note } = places;
  const baseline = baselineOf(flags, workingDirectory);
  return openPorts({
    config,
    file: flags.release,
    folder: folderOf(flags, places),
    journal,
    env,
    clock,
    // A baseline in a file is committed by people: agentctl runs export.
    baselineTag: baseline === undefined || namesFile(baseline) ? null : baseline,
    note,
  });
}

/** Of a release that goes on, a gate file that cannot be read has none. */
function baselineOf({ gates, resume }: StartFlags, workingDirectory: string): string | undefined {
  const file = resolve(workingDirectory, gates);
  if (!existsSync(file)) return undefined;
  try {
    return readGatesFile(file, workingDirectory, () => ({})).rules.baseline;
  } catch (error) {
    if (resume === undefined || !(error instanceof AgentctlError)) throw error;
    return undefined;
  }
}

async function withJournal<Result>(
  file: string,
  work: (journal: ReleaseJournal) => Promise<Result>,
): Promise<Result> {
  const journal = openReleaseJournal(file);
  try {
    return await work(journal);
  } finally {
    journal.close();
  }
}

/** `rel-20261122-101500-k3f9`: sorts by time, and is the salt of its buckets too. */
function releaseId(now: number): string {
  const [day = "", time = ""] = new Date(now).toISOString().replaceAll(/[-:]/g, "").split(/[T.]/);
  return `rel-${day}-${time}-${randomBytes(2).toString("hex")}`;
}
