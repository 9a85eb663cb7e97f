import { UsageError } from "../../core/errors.js";
import { EXIT, type ExitCode } from "../../core/exit-codes.js";
import { exitCodeFor } from "../../gates/exit-code.js";
import { metricsOfGates } from "../../gates/gate-kind.js";
import type { SuiteOutcome } from "../../report/changed-suites.js";
import type { RunSummary, Store } from "../../store/store.js";
import { forcedBy } from "../baseline/forced-by.js";
import type { EvalFlags } from "../eval-flags.js";
import type { EvaluateOutcome, EvaluateServices } from "../evaluate.js";
import { judgeStoredRun, readGates, requireGates } from "../gate/judge-run-gates.js";
import { judgeStandings } from "../judge/judge-standings.js";
import { loadInputs } from "../prepare-run.js";
import { findSuite, loadProject, type Project } from "../project/load-project.js";
import { openProjectStore, requireRun } from "../run/stored-run.js";
import { loadMetrics, withMetrics } from "../score/load-metrics.js";
import { inputsHash } from "./inputs-hash.js";

/** Exit codes from the gravest to the mildest. */
const GRAVEST_FIRST = [EXIT.interrupted, EXIT.infrastructure, EXIT.gateFailed, EXIT.inconclusive];

/**
 * `agentctl eval --changed`: runs the suites whose inputs are others than those of their earlier run, one after another.
 * A suite that is not run is judged again by the gates as they are now, so no gate is ever passed over.
 *
 * @param runSuite - runs one suite and shows what came out
 * @param tell - told of each suite before the next one begins
 * @throws {UsageError} for flags that name a single run or suite
 */
export async function evaluateChanged(
  flags: EvalFlags,
  services: Omit<EvaluateServices, "observer">,
  runSuite: (flags: EvalFlags) => Promise<EvaluateOutcome>,
  tell: (outcome: SuiteOutcome) => void,
): Promise<{ readonly suites: readonly SuiteOutcome[]; readonly exitCode: ExitCode }> {
  const { changed = true, ...own } = flags;
  const project = loadProject(flags.config, services.workingDirectory);
  const names = flags.suite === undefined ? Object.keys(project.config.suites) : [flags.suite];
  refuseSingular(flags, names);
  const suites: SuiteOutcome[] = [];
  for (const suite of names) {
    if (services.signal.aborted) break;
    const stands = await standingRun({ ...own, suite }, changed, project, services);
    const outcome = "runId" in stands ? stands : ran(suite, stands.reason, await runSuite({ ...own, suite }));
    suites.push(outcome);
    tell(outcome);
  }
  const codes: readonly number[] = suites.map(({ exitCode }) => exitCode);
  return { suites, exitCode: GRAVEST_FIRST.find((code) => codes.includes(code)) ?? EXIT.ok };
}

function refuseSingular(flags: EvalFlags, names: readonly string[]): void {
  if (flags.resume !== undefined || flags.retryErrors !== undefined) {
    throw new UsageError(
      "--changed looks for suites to run; --resume and --retry-errors go on with one run",
      {
        nextStep: "leave one of them out",
      },
    );
  }
  const single = (["dataset", "agent", "recording", "record", "output"] as const).find(
    (key) => flags[key] !== undefined,
  );
  if (single !== undefined && names.length > 1) {
    throw new UsageError(`--${single} is for one suite, and --changed looks at ${names.length}`, {
      nextStep: "name the suite with --suite",
    });
  }
}

function ran(suite: string, reason: string, { run, report, exitCode }: EvaluateOutcome): SuiteOutcome {
  return { suite, isRun: true, reason, runId: run.id, verdict: report.gate?.verdict ?? null, exitCode };
}

/** The earlier run that stands for a suite, judged anew, or why the suite must run. */
async function standingRun(
  flags: EvalFlags & { readonly suite: string },
  since: string | true,
  project: Project,
  services: Omit<EvaluateServices, "observer">,
): Promise<SuiteOutcome | { readonly reason: string }> {
  const { workingDirectory } = services;
  const store = openProjectStore(project);
  try {
    const suite = findSuite(project, flags.suite);
    const read = flags.gate === true ? requireGates : readGates;
    const loaded = await loadMetrics(project, suite, workingDirectory);
    const gates = read(project, suite.name, workingDirectory, loaded.stored.customMetrics);
    const evaluation = await loadInputs(flags, suite, null, {
      store,
      project,
      services,
      metrics: withMetrics(loaded, metricsOfGates(gates)),
      openCassette: null,
    });
    await evaluation.agent.close?.();
    const inputs = inputsHash(evaluation, suite, project);
    if ("unknown" in inputs) return { reason: inputs.unknown };
    const candidates = candidateRuns(store, suite.name, since);
    const earlier = candidates.find((one) => one.inputsHash === inputs.hash);
    if (earlier === undefined) return { reason: whyRun(candidates, since) };
    const run = requireRun(store, earlier.id);
    const forced = forcedBy(flags, services.env, workingDirectory);
    const standings = judgeStandings(project, run, services.clock);
    const report = gates === null ? null : judgeStoredRun(store, run, gates, standings, forced);
    const exitCode = flags.gate === true && report !== null ? exitCodeFor(report.verdict) : EXIT.ok;
    const reason = `unchanged since run ${run.id}`;
    return {
      suite: suite.name,
      isRun: false,
      reason,
      runId: run.id,
      verdict: report?.verdict ?? null,
      exitCode,
    };
  } finally {
    store.close();
  }
}

/** Complete runs of a suite in which every trial could be executed, newest first. */
function candidateRuns(store: Store, suite: string, since: string | true): readonly RunSummary[] {
  const usable = store
    .listRuns({ suite })
    .filter(
      (run) =>
        run.status === "complete" &&
        run.errors === 0 &&
        run.shard === undefined &&
        run.invocation.score === undefined,
    );
  return since === true
    ? usable
    : usable.filter((run) => run.tags.includes(since) || run.id === since).slice(0, 1);
}

function whyRun(candidates: readonly RunSummary[], since: string | true): string {
  const [newest] = candidates;
  if (newest !== undefined) return `inputs changed since run ${newest.id}`;
  return since === true ? "it has no complete run yet" : `it has no complete run ${since}`;
}
