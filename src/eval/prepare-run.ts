import { dirname, resolve } from "node:path";
import type { RunHeader } from "../core/run.js";
import type { CassetteSink } from "../models/cassette-file.js";
import type { Store } from "../store/store.js";
import { inputsHash } from "./changed/inputs-hash.js";
import { type EvalFlags, type EvalInvocation, invocationOf, selectionOf } from "./eval-flags.js";
import type { EvaluateServices } from "./evaluate.js";
import type { Evaluation } from "./evaluation.js";
import { loadEvaluation } from "./load-evaluation.js";
import { newRun } from "./new-run.js";
import type { FoundSuite, Project } from "./project/load-project.js";
import { checkResumable } from "./resume.js";
import type { LoadedMetrics } from "./score/load-metrics.js";
import { shardEvaluation } from "./shard/shard-evaluation.js";
import { inRandomOrder } from "./trials/plan.js";

export interface PrepareContext {
  readonly store: Store;
  readonly project: Project;
  readonly services: Pick<EvaluateServices, "workingDirectory" | "env" | "clock">;
  readonly metrics: LoadedMetrics;
  /** Opens the cassette that the run records into; `null` when it records nothing. */
  readonly openCassette: (() => Promise<CassetteSink>) | null;
}

/** Loads what is to run, and creates the run unless an earlier one goes on. */
export async function prepareRun(
  flags: EvalFlags,
  suite: FoundSuite,
  earlier: RunHeader | null,
  baselineRun: string | null,
  context: PrepareContext,
): Promise<{ readonly run: RunHeader; readonly evaluation: Evaluation }> {
  const { store, project, services } = context;
  const evaluation = await loadInputs(flags, suite, earlier, context);
  if (earlier !== null) {
    checkResumable(earlier, evaluation);
    return { run: earlier, evaluation };
  }
  const inputs = inputsHash(evaluation, suite, project);
  const run = await newRun(evaluation, {
    clock: services.clock,
    folder: project.root,
    tags: flags.tag ?? [],
    invocation: { ...invocationOf(flags, services.workingDirectory) },
    inputsHash: "hash" in inputs ? inputs.hash : null,
    baselineRun,
  });
  store.createRun(run, evaluation.cases);
  return { run, evaluation };
}

/** Loads what flags ask for, or what an earlier run was started with. Nothing is run or stored. */
export async function loadInputs(
  flags: EvalFlags,
  suite: FoundSuite,
  earlier: RunHeader | null,
  { store, project, services, metrics, openCassette }: PrepareContext,
): Promise<Evaluation> {
  const invocation =
    earlier === null
      ? invocationOf(flags, services.workingDirectory)
      : (earlier.invocation as unknown as EvalInvocation);
  const evaluation = await loadEvaluation(
    {
      ...invocation,
      ...(invocation.timeout === undefined ? {} : { timeoutMs: invocation.timeout * 1000 }),
      suite,
      selection:
        earlier === null
          ? selectionOf(invocation, store)
          : { planned: new Set(earlier.plan.map((planned) => planned.caseId)) },
      passWithNoTests: flags.passWithNoTests === true,
      metrics,
    },
    {
      workingDirectory: services.workingDirectory,
      dataFolder: dirname(resolve(project.root, project.config.store)),
      env: services.env,
      clock: services.clock,
      // A recording must hold what the provider answers now.
      cache: flags.cache !== false && openCassette === null ? store.cache : null,
      openCassette,
    },
  );
  if (earlier !== null) return evaluation;
  if (invocation.until !== undefined) {
    return { ...evaluation, plan: inRandomOrder(evaluation.plan, evaluation.seed) };
  }
  return invocation.shard === undefined ? evaluation : shardEvaluation(evaluation, invocation.shard);
}
