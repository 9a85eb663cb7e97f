import type { CaseSample, SamplePlan } from "../datasets/tools/sample-cases.js";
import { counted } from "./counted.js";
import { nameOf } from "./dataset-tally-text.js";

/** What was drawn, in one line and one for each thing to know. */
export function renderDatasetSample(
  sample: CaseSample & {
    readonly plan: SamplePlan;
    readonly available: number;
    readonly holdoutLeftOut: number;
    readonly output: string | null;
  },
): string {
  const { plan, strata, cases, available, holdoutLeftOut, output } = sample;
  const by =
    plan.by === null
      ? ""
      : ` by ${plan.by}: ${strata.map((one) => `${nameOf(one.value)} ${one.drawn} of ${one.cases}`).join(", ")}`;
  return [
    `drew ${cases.length} of ${available} cases, seed ${plan.seed}${by}`,
    ...(cases.length < plan.size ? [`asked for ${plan.size}: there are no more`] : []),
    ...(holdoutLeftOut === 0
      ? []
      : [`${counted(holdoutLeftOut, "holdout case")} left out; --include-holdout draws from them too`]),
    ...(output === null ? [] : [`wrote ${output}`]),
  ].join("\n");
}

/** What a JSON document tells of a sample: which cases, never their texts. */
export function sampleDocument<Sample extends CaseSample & { readonly text: string }>({
  cases,
  text: _text,
  ...rest
}: Sample) {
  return {
    ...rest,
    cases: cases.map(({ id, line, split, risk, hash }) => ({ id, line, split, risk, hash })),
  };
}
