import { resolve } from "node:path";
import type { Clock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import type { GoldenCase } from "../../core/golden-case.js";
import type { PlannedTrial, RunHeader } from "../../core/run.js";
import type { RunReport } from "../../report/run-report.js";
import type { Store, StoredTrial } from "../../store/store.js";
import { incomingPath, movedPaths } from "../baseline/export-records.js";
import { baselineRunOf, namesFile } from "../baseline/find-baseline.js";
import { readRunExport } from "../baseline/read-export.js";
import { plannedCases } from "../compare/run-evidence.js";
import { readGatesOfRun } from "../gate/judge-run-gates.js";
import { judgeStandings } from "../judge/judge-standings.js";
import { newRunId } from "../new-run.js";
import { plannedOutputs, writeOutputs } from "../output/write-outputs.js";
import { loadProject, type Project } from "../project/load-project.js";
import { shownPath } from "../project/shown-path.js";
import { buildReport, traceLoader } from "../run/build-report.js";
import { openProjectStore, requireRun } from "../run/stored-run.js";
import { type FoundShard, joinShards } from "./join-shards.js";

export interface MergeFlags {
  readonly config?: string;
  readonly tag?: readonly string[];
  readonly output?: readonly string[];
}

interface ReadShard extends FoundShard {
  readonly cases: Iterable<GoldenCase>;
  readonly read: () => Iterable<StoredTrial>;
}

/**
 * `agentctl runs merge`: makes one run of the shards of an evaluation. All or nothing: a merge that is killed leaves
 * the history as it was. The shards stay.
 *
 * @param references - runs of the history, and files of `agentctl runs export --trials`
 * @throws {UsageError} when they do not make up one evaluation
 * @throws {DatasetError} when a file cannot be used
 */
export async function mergeRuns(
  references: readonly string[],
  flags: MergeFlags,
  { workingDirectory, clock }: { readonly workingDirectory: string; readonly clock: Clock },
): Promise<{ readonly report: RunReport; readonly written: readonly string[] }> {
  const project = loadProject(flags.config, workingDirectory);
  const outputs = plannedOutputs(flags, project, workingDirectory);
  const store = openProjectStore(project);
  try {
    const shards = references.map((reference) => readShard(store, reference, project, workingDirectory));
    const plan = joinShards(shards);
    const [first] = [...shards].sort((a, b) => (a.run.shard?.index ?? 0) - (b.run.shard?.index ?? 0));
    const gates = readGatesOfRun(project, (first as ReadShard).run, workingDirectory);
    const run = mergedRun(
      shards.map((shard) => shard.run),
      plan,
      {
        now: clock.now(),
        tags: flags.tag ?? [],
        baselineRun:
          gates === null ? null : baselineRunOf(store, (first as ReadShard).run.suite, gates.baseline),
      },
    );
    store.transaction(() => {
      store.createRun(
        run,
        shards.flatMap(({ cases }) => [...cases]),
      );
      for (const { read } of shards) {
        for (const { trial, row } of read()) store.addTrial(run.id, trial, row);
      }
    });
    const cases = [...plannedCases(store, run, new Map()).values()];
    const report = buildReport(store, run, cases, gates, judgeStandings(project, run, clock));
    const written = await writeOutputs(outputs, report, traceLoader(store, run.id), project);
    return { report, written: written.map((file) => shownPath(file, workingDirectory)) };
  } finally {
    store.close();
  }
}

function readShard(store: Store, reference: string, project: Project, workingDirectory: string): ReadShard {
  if (!namesFile(reference)) {
    const run = requireRun(store, reference);
    return {
      shown: reference,
      run,
      trials: [...store.finishedTrials(run.id)].length,
      cases: plannedCases(store, run, new Map()).values(),
      read: () => store.trials(run.id),
    };
  }
  const { evidence, hasTrials, wholeCases, trials } = readRunExport(
    resolve(workingDirectory, reference),
    reference,
  );
  if (!hasTrials) {
    throw new UsageError(`${reference}: expected an export with its trials, found scores alone`, {
      nextStep: `write it again: agentctl runs export ${evidence.run.id} --trials -o ${reference}`,
    });
  }
  const invocation = movedPaths(evidence.run.invocation, (path) => incomingPath(path, project.root));
  return {
    shown: reference,
    run: { ...evidence.run, invocation },
    trials: evidence.rows.length,
    cases: wholeCases,
    read: trials,
  };
}

/** The header that the run would have had in one piece. */
function mergedRun(
  runs: readonly RunHeader[],
  plan: readonly PlannedTrial[],
  facts: { readonly now: number; readonly tags: readonly string[]; readonly baselineRun: string | null },
): RunHeader {
  const [first] = [...runs].sort((a, b) => (a.shard?.index ?? 0) - (b.shard?.index ?? 0));
  const { shard: _, baselineRun, ...header } = first as RunHeader;
  const { shard: part, ...invocation } = header.invocation;
  const all = <Value>(of: (run: RunHeader) => Value): readonly Value[] => [...new Set(runs.map(of))];
  const commits = all((run) => run.gitCommit);
  return {
    ...header,
    id: newRunId(facts.now),
    createdAt: new Date(facts.now).toISOString(),
    finishedAt: all((run) => run.finishedAt).reduce((last, one) => ((last ?? "") > (one ?? "") ? last : one)),
    plan,
    gitCommit: commits.length === 1 ? header.gitCommit : null,
    gitDirty: all((run) => run.gitDirty).length === 1 ? header.gitDirty : true,
    tags: [...new Set([...runs.flatMap((run) => run.tags), ...facts.tags])],
    notes: [
      ...new Set(runs.flatMap((run) => run.notes)),
      ...(commits.length === 1 ? [] : ["its shards were made from different commits"]),
    ],
    invocation,
    ...(facts.baselineRun === null ? {} : { baselineRun: facts.baselineRun }),
  };
}
