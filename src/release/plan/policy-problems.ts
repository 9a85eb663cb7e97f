import { canaryMeasure, canaryMeasureNames } from "../../config/gates/canary-measures.js";
import type { CanaryConfig } from "../../config/gates/canary-schema.js";
import type { CanaryThreshold } from "../../config/gates/canary-threshold.js";
import { didYouMean, listNames } from "../../core/nearest.js";

/** What stands in the way of a rollout by this policy, one sentence each; none for a policy that can be carried out. */
export function problemsOfPolicy({ steps, rollback_triggers }: CanaryConfig): string[] {
  return [
    ...steps.flatMap(problemsOfStep),
    ...Object.entries(rollback_triggers).flatMap(([measure, { threshold }]) =>
      problemsOfRule(measure, threshold),
    ),
  ];
}

function problemsOfStep({ traffic, bake, max_bake }: CanaryConfig["steps"][number], index: number): string[] {
  const place = `canary.steps[${index}]`;
  const problems: string[] = [];
  const bps = traffic * 100;
  if (Math.abs(bps - Math.round(bps)) > 1e-9) {
    problems.push(
      `\`${place}.traffic\` wants a whole number of basis points (0.01 %), found ${traffic} %; give at least 0.01%`,
    );
  }
  if (max_bake !== undefined && max_bake < bake) {
    problems.push(
      `\`${place}.max_bake\` wants at least the \`bake\` of its step, ${bake / 1000} s, found ${max_bake / 1000} s`,
    );
  }
  return problems;
}

function problemsOfRule(measure: string, threshold: CanaryThreshold): string[] {
  const place = `canary.rollback_triggers.${measure}`;
  const facts = canaryMeasure(measure);
  if (facts === undefined) {
    return [
      `\`${place}\` is no measure${didYouMean(measure, canaryMeasureNames) || `; wants ${listNames(canaryMeasureNames, 20)} or \`score.<metric>\``}`,
    ];
  }
  const problems: string[] = [];
  if (facts.harm !== null && facts.harm !== threshold.change) {
    const wanted = facts.harm === "rise" ? "+" : "-";
    problems.push(
      `\`${place}.threshold\` wants a ${facts.harm} (\`${wanted}\`), found a ${threshold.change}: a better version would be rolled back`,
    );
  }
  if ((threshold.unit === "ms" || threshold.unit === "usd") && threshold.unit !== facts.unit) {
    problems.push(
      `\`${place}.threshold\` wants ${facts.unit === "proportion" ? "points of a rate such as 2%" : `an amount in ${facts.unit}`}, found ${threshold.unit}`,
    );
  }
  return problems;
}

/** What a reader of a plan must know that does not stop it, one sentence each. */
export function notesOfPolicy({ steps, rollback_triggers }: CanaryConfig): string[] {
  const notes: string[] = [];
  const last = steps.at(-1);
  if (last !== undefined && last.traffic < 100) {
    notes.push(
      `The last step has ${last.traffic} % of the traffic: promotion moves the other ${Number((100 - last.traffic).toFixed(2))} % at once.`,
    );
  }
  if (last?.traffic === 100) {
    notes.push(
      "At 100 % there is no stable arm at the same time: what is compared there comes from the steps before.",
    );
  }
  if (Object.values(rollback_triggers).every(({ mode }) => mode === "observe")) {
    notes.push(
      "No rule of `rollback_triggers` is enforced: only a broken split or a dead server stops this release.",
    );
  }
  return notes;
}
