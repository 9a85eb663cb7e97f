import { UsageError } from "../../core/errors.js";
import { canonicalJson } from "../../core/hash.js";
import type { PlannedTrial, RunHeader, RunShard } from "../../core/run.js";
import { planHash } from "./shard-evaluation.js";

/** A shard as it was found: in the history, or in a file. */
export interface FoundShard {
  /** As the user named it. */
  readonly shown: string;
  readonly run: RunHeader;
  /** Trials that it holds. */
  readonly trials: number;
}

type Shard = FoundShard & { readonly run: RunHeader & { readonly shard: RunShard } };

/** What shards of one evaluation have in common, and what to call it. */
const SHARED: readonly (readonly [what: string, of: (run: RunHeader) => unknown])[] = [
  ["suite", (run) => run.suite],
  ["golden set", (run) => run.datasetHash],
  ["agent version", (run) => run.agentVersion],
  ["seed", (run) => run.seed],
  ["number of trials per case", (run) => run.trialsPerCase],
  ["player of the user", (run) => [run.userModel, run.parts?.user_model ?? null]],
  ["list of metrics", (run) => [run.metrics, run.customMetrics]],
  ["judge", (run) => run.judges],
  ["number of shards", (run) => run.shard?.of ?? null],
  ["plan", (run) => run.shard?.planHash ?? null],
  ["version of agentctl, or of a metric", (run) => run.inputsHash ?? run.agentctlVersion],
];

/**
 * The plan that shards make up together, in the order that it would have had in one run.
 *
 * @throws {UsageError} when one is no shard, is not finished, belongs to another evaluation, is there twice or is missing
 */
export function joinShards(found: readonly FoundShard[]): readonly PlannedTrial[] {
  const shards = found.map(asShard).sort((a, b) => a.run.shard.index - b.run.shard.index);
  const [first] = shards;
  if (first === undefined) throw new UsageError("expected shards to merge, found none");
  shards.forEach((shard) => {
    refuseOther(first, shard);
    refuseUnfinished(shard);
  });
  refuseRepeats(shards);
  const { of, planned, planHash: wanted } = first.run.shard;
  const joined = shards
    .flatMap(({ run }) => run.plan)
    .sort((a, b) => (a.position ?? 0) - (b.position ?? 0))
    .map(({ position, ...trial }) => trial);
  if (joined.length < planned) throw missing(shards, of, planned - joined.length);
  if (planHash(joined) !== wanted)
    throw new UsageError("the shards do not make up their plan: one was changed");
  return joined;
}

function asShard({ shown, run, trials }: FoundShard): Shard {
  const { shard } = run;
  if (shard !== undefined) return { shown, trials, run: { ...run, shard } };
  throw new UsageError(`${shown}: run ${run.id} is no shard; expected a run of agentctl eval --shard i/n`);
}

function nameOf({ run }: Shard): string {
  return `shard ${run.shard.index} (run ${run.id})`;
}

function refuseOther(first: Shard, shard: Shard): void {
  for (const [what, of] of SHARED) {
    if (canonicalJson(of(shard.run)) === canonicalJson(of(first.run))) continue;
    throw new UsageError(`${nameOf(shard)} has another ${what} than ${nameOf(first)}`, {
      nextStep: "merge shards of one evaluation: the same flags, files and version on every machine",
    });
  }
}

function refuseUnfinished(shard: Shard): void {
  const { run, trials } = shard;
  if (run.status === "complete" && trials === run.plan.length) return;
  throw new UsageError(
    `${nameOf(shard)} holds ${trials} of its ${run.plan.length} trials (it is ${run.status})`,
    { nextStep: `finish it where it ran: agentctl eval --resume ${run.id}` },
  );
}

function refuseRepeats(shards: readonly Shard[]): void {
  for (const [at, shard] of shards.entries()) {
    const next = shards[at + 1];
    if (next?.run.shard.index !== shard.run.shard.index) continue;
    throw new UsageError(
      next.run.id === shard.run.id
        ? `${nameOf(shard)} is named twice`
        : `shard ${shard.run.shard.index} is there twice: runs ${shard.run.id} and ${next.run.id}`,
      { nextStep: "name every shard once" },
    );
  }
}

function missing(shards: readonly Shard[], of: number, trials: number): UsageError {
  const there = new Set(shards.map(({ run }) => run.shard.index));
  const gone = Array.from({ length: of }, (_, at) => at + 1).filter((index) => !there.has(index));
  const which = `shard${gone.length === 1 ? "" : "s"} ${gone.join(", ")} of ${of}`;
  return new UsageError(`${which} missing: ${trials} trials of the plan are in none of the others`, {
    nextStep: "name all shards; those of other machines as files of `agentctl runs export --trials`",
  });
}
