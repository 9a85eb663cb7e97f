import type { GoldenCase } from "../../core/golden-case.js";
import type { Subject } from "../../core/judgement.js";
import type { PlannedTrial, RunHeader } from "../../core/run.js";
import { traceOf } from "../../core/trace.js";
import type { Trial } from "../../core/trial.js";
import { currentLabels } from "../../judge/current-labels.js";
import { trialSubject } from "../../judge/trial-subject.js";
import { infrastructureError } from "../../metrics/scores.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import type { Store } from "../../store/store.js";
import { environmentNamed } from "../agent/load-agent.js";
import type { ScoredCases } from "../score/score-cases.js";

/** What can be judged, by its place in a plan, or why there is nothing to judge. */
export interface ItemSource {
  readonly plan: readonly PlannedTrial[];
  readonly subjectOf: (planned: PlannedTrial) => Subject | { readonly reason: string };
}

/** The trials of a run. */
export function trialItems(store: Store, run: RunHeader, cases: ScoredCases): ItemSource {
  return {
    plan: cases.plan,
    subjectOf: ({ caseId, trial }) => {
      const stored = store.getTrial(run.id, caseId, trial);
      if (stored === null) return { reason: "the trial is not stored" };
      return subjectOfTrial(run, cases.byId.get(caseId) as GoldenCase, stored);
    },
  };
}

/**
 * Pairs of two runs, by case and trial. What was asked and read before the answers is that of the first run.
 *
 * @param second - as for {@link trialItems}, of the run whose answers stand second
 */
export function pairItems(first: ItemSource, second: ItemSource): ItemSource {
  const known = new Map(second.plan.map((planned) => [keyOf(planned), planned]));
  return {
    plan: first.plan,
    subjectOf: (planned) => {
      const subject = first.subjectOf(planned);
      if ("reason" in subject) return subject;
      const place = known.get(keyOf(planned));
      if (place === undefined) return { reason: "the other run has no such trial" };
      const other = second.subjectOf(place);
      if ("reason" in other) return { reason: `in the other run: ${other.reason}` };
      return {
        ...subject,
        item: `${subject.item} vs ${other.item}`,
        otherAnswer: other.answer,
        otherModel: other.model,
      };
    },
  };
}

/** Items that people have labelled by a rubric. */
export function labelledItems(judgements: JudgementStore, rubric: string): ItemSource {
  const labelled = currentLabels(judgements.labels(rubric)).filter(({ truth }) => truth !== null);
  return {
    plan: labelled.map(({ item }) => ({ caseId: item, caseHash: "", trial: 0 })),
    subjectOf: ({ caseId }) => judgements.item(caseId) ?? { reason: "the item's texts are not stored" },
  };
}

function keyOf({ caseId, trial }: PlannedTrial): string {
  return `${trial}/${caseId}`;
}

function subjectOfTrial(
  run: RunHeader,
  goldenCase: GoldenCase,
  trial: Trial,
): Subject | { readonly reason: string } {
  if (trial.status === "error") return { reason: infrastructureError(trial.error?.code ?? null) };
  const policy = goldenCase.environment === null ? null : environmentNamed(goldenCase.environment).policy;
  return trialSubject({ run, goldenCase, trial, trace: traceOf(trial), policy });
}
