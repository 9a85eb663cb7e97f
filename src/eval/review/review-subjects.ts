import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { UsageError } from "../../core/errors.js";
import type { Subject } from "../../core/judgement.js";
import type { RunHeader } from "../../core/run.js";
import { traceOf } from "../../core/trace.js";
import { trialSubject } from "../../judge/trial-subject.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import type { Store } from "../../store/store.js";
import { environmentNamed } from "../load-agent.js";
import { casesOfRun } from "../score-cases.js";

/**
 * The completed trials of a stored run; what infrastructure broke says nothing about the agent. Trials that said the
 * same are one item.
 *
 * @throws {UsageError} when there is none
 */
export function subjectsOfRun(store: Store, run: RunHeader): readonly Subject[] {
  const { byId } = casesOfRun(store, run);
  const subjects = new Map<string, Subject>();
  for (const { trial } of store.trials(run.id)) {
    const goldenCase = byId.get(trial.caseId);
    if (goldenCase === undefined || trial.status === "error") continue;
    const policy = goldenCase.environment === null ? null : environmentNamed(goldenCase.environment).policy;
    const subject = trialSubject({ run, goldenCase, trial, trace: traceOf(trial), policy });
    subjects.set(subject.item, subject);
  }
  if (subjects.size > 0) return [...subjects.values()];
  throw new UsageError(`run ${run.id}: expected a completed trial to review, found none`, {
    nextStep: `\`agentctl runs show ${run.id}\` says what became of its trials`,
  });
}

/**
 * Items that have labels or verdicts under the rubric, such as those of an imported table.
 *
 * @throws {UsageError} when there is none
 */
export function subjectsOfRubric(store: JudgementStore, rubric: string): readonly Subject[] {
  const judges = store.judgesWithVerdicts().filter((one) => one.rubric === rubric);
  const names = new Set([
    ...store.labels(rubric).map(({ item }) => item),
    ...[...new Set(judges.map(({ judge }) => judge))].flatMap((judge) =>
      store.verdicts(judge).flatMap((entry) => (entry.rubric === rubric ? [entry.item] : [])),
    ),
  ]);
  const found = [...names].flatMap((item) => store.item(item) ?? []);
  if (found.length > 0) return found;
  throw new UsageError(`rubric "${rubric}": expected items to review, found none with labels or verdicts`, {
    nextStep: "name a run, or import some: `agentctl import labels --help`",
  });
}

/**
 * Those that can be labelled on the rubric's scale: pairs for a comparison, single answers for all others.
 *
 * @throws {UsageError} when there is none
 */
export function subjectsOfScale(
  subjects: readonly Subject[],
  { name, scale }: JudgeConfig,
): readonly Subject[] {
  const isPair = scale.kind === "pairwise";
  const fitting = subjects.filter(({ otherAnswer }) => !isPair || otherAnswer !== null);
  if (fitting.length > 0) return fitting;
  throw new UsageError(`rubric "${name}" compares two answers: expected pairs, found single answers`, {
    nextStep: "review imported pairs with --items, or take a rubric for single answers",
  });
}
