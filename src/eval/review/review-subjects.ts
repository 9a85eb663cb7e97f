import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { UsageError } from "../../core/errors.js";
import type { Subject } from "../../core/judgement.js";
import type { RunHeader } from "../../core/run.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import type { Store } from "../../store/store.js";
import { pairItems, trialItems } from "../judge/run-items.js";
import { casesOfRun } from "../score/score-cases.js";

/**
 * The completed trials of a stored run, or pairs of them with those of a second run; what infrastructure broke says
 * nothing about the agent.
 *
 * @param against - run whose answers stand second; `null`: single answers
 * @throws {UsageError} when there is none
 */
export function subjectsOfRun(store: Store, run: RunHeader, against: RunHeader | null): readonly Subject[] {
  const source = (header: RunHeader) => trialItems(store, header, casesOfRun(store, header));
  const { plan, subjectOf } = against === null ? source(run) : pairItems(source(run), source(against));
  const subjects = plan.flatMap((planned) => {
    const subject = subjectOf(planned);
    return "reason" in subject ? [] : [subject];
  });
  if (subjects.length > 0) return subjects;
  throw new UsageError(`run ${run.id}: expected completed trials to review, found none`, {
    nextStep: `\`agentctl runs show ${run.id}\` says what became of them`,
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
    nextStep: "name a second run with --against, or review imported pairs with --items",
  });
}
