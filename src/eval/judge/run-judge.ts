import { dirname } from "node:path";
import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import type { Clock } from "../../core/clock.js";
import { EXIT, type ExitCode } from "../../core/exit-codes.js";
import type { CorrectedEstimate } from "../../judge/correction/corrected-estimate.js";
import { type PeriodKind, periodOf } from "../../judge/drift/period.js";
import { CallBudget } from "../../judge/run/call-budget.js";
import type { JudgeRunReport } from "../../judge/run/judge-run-report.js";
import { judgeMetricFacts } from "../../judge/run/score-of-verdict.js";
import { verdictTally } from "../../judge/run/verdict-tally.js";
import { versionOfJudge } from "../../judge/run/version-of-judge.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import type { Store } from "../../store/store.js";
import { loadProject, type Project } from "../project/load-project.js";
import { openProjectStore } from "../run/stored-run.js";
import { judgeModel } from "../score/score-judge.js";
import { recorderOf } from "../score/score-run.js";
import { judgeCost } from "../score/score-trials.js";
import { correctedItems } from "./correct-items.js";
import { type LoadedJudge, loadJudgeFile } from "./load-judge-file.js";
import { openProjectJudgements } from "./project-judgements.js";
import { estimateOfScores, groupsOf } from "./run-scores.js";
import { storeJudgedRun } from "./run-store.js";
import { countsOf, identityOf, scoresOf, verdictsOf, warningsOf } from "./run-summary.js";
import { checkFlags, type JudgeTarget, targetOf } from "./run-target.js";
import { type JudgedItems, judgeItems } from "./run-verdicts.js";
import { heuristicVoter, modelVoter, type Voter } from "./run-voters.js";

/** Flags of `agentctl judge run`, as the command line gives them. */
export interface JudgeRunFlags {
  readonly config?: string;
  /** Judge file, or the name of one in the project's `judges/`. */
  readonly judge: string;
  /** Run whose answers stand second in pairs. */
  readonly against?: string;
  /** Judge the items that people have labelled by this rubric (`true`: that of the judge), instead of a run. */
  readonly labelled?: boolean | string;
  /** Judge again what was judged before this period. */
  readonly again?: PeriodKind;
  /** Most items to judge, in plan order. */
  readonly limit?: number;
  readonly budgetUsd?: number;
  readonly maxConcurrency?: number;
  /** Whether the response cache may answer for the judge; default: yes. */
  readonly cache?: boolean;
  /** Cassette to record the judge's replies in. */
  readonly record?: string;
  readonly tag?: readonly string[];
}

export interface JudgeRunServices {
  readonly workingDirectory: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
  /** Aborted at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

export interface JudgeRunOutcome {
  readonly report: JudgeRunReport;
  /** 3 when the judge could not be asked for some votes, or the budget is spent; else 0. */
  readonly exitCode: ExitCode;
}

/**
 * `agentctl judge run`: judges stored trials by a judge file without running the agent. Every vote is stored as soon as it
 * is there; when all items are judged, a new run holds the scores.
 *
 * @param reference - run to judge; `undefined` with `labelled`
 * @throws {UsageError | ConfigError} before the judge is asked
 * @throws {ProviderError} when the judge answers nothing, or at an abort
 */
export async function runJudge(
  reference: string | undefined,
  flags: JudgeRunFlags,
  services: JudgeRunServices,
): Promise<JudgeRunOutcome> {
  const project = loadProject(flags.config, services.workingDirectory);
  const judge = loadJudgeFile(flags.judge, project, services.workingDirectory);
  checkFlags(reference, judge, flags);
  const store = openProjectStore(project);
  try {
    const judgements = openProjectJudgements(project);
    try {
      const target = targetOf(reference, judge.config, flags, store, judgements);
      return await judgeTarget(target, judge, { project, store, judgements }, flags, services);
    } finally {
      judgements.close();
    }
  } finally {
    store.close();
  }
}

interface Stores {
  readonly project: Project;
  readonly store: Store;
  readonly judgements: JudgementStore;
}

async function judgeTarget(
  target: JudgeTarget,
  judge: LoadedJudge,
  { project, store, judgements }: Stores,
  flags: JudgeRunFlags,
  services: JudgeRunServices,
): Promise<JudgeRunOutcome> {
  const { config } = judge;
  const plan = target.items.plan.slice(0, flags.limit);
  const effort = { calls: 0, cachedCalls: 0, costUsd: 0, unpricedCalls: 0, failures: 0 };
  const budget = new CallBudget(flags.budgetUsd ?? null);
  const recorder = recorderOf(flags.record, services.workingDirectory, services.env);
  try {
    const voter = await voterOf(judge, store, recorder, budget, flags, services, effort);
    const judged = await judgeItems(
      config,
      voter,
      { ...target.items, plan },
      {
        judgements,
        clock: services.clock,
        againBefore: flags.again === undefined ? null : periodOf(services.clock.now(), flags.again).from,
        signal: services.signal,
        maxConcurrency: flags.maxConcurrency ?? project.config.max_concurrency,
        onProgress: (done) =>
          services.onProgress(
            `${done}/${plan.length} items judged, ${effort.calls} calls, ${judgeCost(effort)}`,
          ),
      },
    );
    const isBudgetSpent = budget.isSpent;
    const scores = scoresOf(config, judged);
    const facts = judgeMetricFacts(config);
    const items = countsOf(target.items.plan, judged);
    const { run: earlier, against, cases } = target;
    const isWhole = items.failed === 0 && items.left === 0;
    const run =
      earlier !== null && cases !== null && isWhole
        ? storeJudgedRun(store, judge, {
            earlier,
            against,
            cases,
            scores,
            effort,
            tags: flags.tag ?? [],
            now: services.clock.now(),
          })
        : null;
    const report: JudgeRunReport = {
      judge: identityOf(judge, voter),
      judgedRun: earlier?.id ?? null,
      against: against?.id ?? null,
      items,
      ...verdictTally(config, verdictsOf(judged)),
      storedVotes: judged.storedVotes,
      newVotes: judged.newVotes,
      ...effort,
      failures: judged.failures,
      budgetUsd: flags.budgetUsd ?? null,
      stoppedBy: isBudgetSpent ? "budget" : plan.length < target.items.plan.length ? "limit" : null,
      warnings: warningsOf(config, judged, budget),
      corrected: earlier === null ? null : correctedOf(config, judged, judgements),
      estimate: estimateOfScores(facts, scores, groupsOf(cases?.byId ?? new Map())),
      run,
    };
    return { report, exitCode: judged.failures > 0 || isBudgetSpent ? EXIT.infrastructure : EXIT.ok };
  } finally {
    await recorder?.close();
  }
}

/** What labels say of the judge's errors; nothing without labels. */
function correctedOf(
  config: JudgeConfig,
  { outcomes }: JudgedItems,
  judgements: JudgementStore,
): CorrectedEstimate | null {
  const items = [...outcomes.values()].flatMap((outcome) =>
    outcome.kind === "judged" ? [outcome.verdict.item] : [],
  );
  const { name } = config;
  const whose = {
    judge: name,
    judgeVersion: versionOfJudge(config),
    rubric: name,
    config,
    isImported: false,
  };
  const { notJudged: _, ...corrected } = correctedItems([...new Set(items)], whose, judgements);
  return corrected.labels.used === 0 ? null : corrected;
}

async function voterOf(
  { config, path, shown }: LoadedJudge,
  store: Store,
  recorder: ReturnType<typeof recorderOf>,
  budget: CallBudget,
  flags: JudgeRunFlags,
  { env, clock, signal }: JudgeRunServices,
  effort: { calls: number; cachedCalls: number; costUsd: number; unpricedCalls: number },
): Promise<Voter> {
  if (config.heuristic !== undefined) return heuristicVoter(config, config.heuristic);
  if (config.model === undefined) throw new TypeError(`${shown} has no judge`);
  // A recording must hold what the judge answers now.
  const cache = flags.cache === false || recorder !== null ? null : store.cache;
  const { model, parameters } = await judgeModel(
    config.model,
    { spec: shown, file: path, place: shown },
    { env, clock, cache, openCassette: recorder?.open ?? null, folder: dirname(path) },
  );
  const onCall = ({ isCached, costUsd }: { readonly isCached: boolean; readonly costUsd: number | null }) => {
    effort[isCached ? "cachedCalls" : "calls"] += 1;
    if (costUsd === null) effort.unpricedCalls += 1;
    else effort.costUsd += costUsd;
  };
  return modelVoter({ config, model: budget.guard(model), parameters }, { signal, onCall });
}
