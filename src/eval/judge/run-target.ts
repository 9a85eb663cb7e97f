import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { UsageError } from "../../core/errors.js";
import type { RunHeader } from "../../core/run.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import type { Store } from "../../store/store.js";
import { requireRun } from "../run/stored-run.js";
import { casesOfRun, type ScoredCases } from "../score/score-cases.js";
import type { LoadedJudge } from "./load-judge-file.js";
import { type ItemSource, labelledItems, pairItems, trialItems } from "./run-items.js";
import type { JudgeRunFlags } from "./run-judge.js";

/** What is judged. */
export interface JudgeTarget {
  readonly run: RunHeader | null;
  readonly against: RunHeader | null;
  readonly cases: ScoredCases | null;
  readonly items: ItemSource;
}

/**
 * Says what flags ask for that cannot be.
 *
 * @throws {UsageError}
 */
export function checkFlags(
  reference: string | undefined,
  { config, shown }: LoadedJudge,
  flags: JudgeRunFlags,
): void {
  const isPair = config.scale.kind === "pairwise";
  const isLabelled = flags.labelled !== undefined;
  if (isLabelled === (reference !== undefined)) {
    throw new UsageError(
      isLabelled ? "--labelled: expected no run beside it" : "expected a run to judge, or --labelled",
      {
        nextStep:
          "`agentctl runs list` shows the runs; --labelled judges the items that people have labelled",
      },
    );
  }
  if (isPair && flags.against === undefined && !isLabelled) {
    throw new UsageError(`${shown} compares two answers: expected --against with a second run`);
  }
  if (flags.against !== undefined && (!isPair || isLabelled)) {
    throw new UsageError(
      `--against ${flags.against}: expected a run and a judge on a pairwise scale, found ${isLabelled ? "--labelled" : `${shown} with a scale of the kind ${config.scale.kind}`}`,
    );
  }
  if (config.heuristic !== undefined && flags.record !== undefined) {
    throw new UsageError(
      `--record ${flags.record}: expected a judge with a model, found ${shown} without one`,
    );
  }
}

/**
 * Finds what is to be judged.
 *
 * @throws {UsageError} when there is no such run, it has no trials, or nothing is labelled
 */
export function targetOf(
  reference: string | undefined,
  config: JudgeConfig,
  flags: JudgeRunFlags,
  store: Store,
  judgements: JudgementStore,
): JudgeTarget {
  if (reference === undefined) {
    const rubric = typeof flags.labelled === "string" ? flags.labelled : config.name;
    const items = labelledItems(judgements, rubric);
    if (items.plan.length > 0) return { run: null, against: null, cases: null, items };
    throw new UsageError(`--labelled: expected items that people labelled by "${rubric}", found none`, {
      nextStep: "label some with `agentctl review`, or import labels with `agentctl import labels`",
    });
  }
  const run = requireRun(store, reference);
  const cases = casesOfRun(store, run);
  requireTrials(store, run);
  const items = trialItems(store, run, cases);
  if (flags.against === undefined) return { run, against: null, cases, items };
  const against = requireRun(store, flags.against);
  const others = trialItems(store, against, casesOfRun(store, against));
  return { run, against, cases, items: pairItems(items, others) };
}

function requireTrials(store: Store, { id }: RunHeader): void {
  for (const _ of store.finishedTrials(id)) return;
  throw new UsageError(`run ${id}: expected stored trials to judge, found none`, {
    nextStep: `\`agentctl runs show ${id}\` says what became of it`,
  });
}
