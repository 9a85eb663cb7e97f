import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import type { PlannedTrial } from "../../core/run.js";
import type { Score } from "../../core/score.js";
import type { FinalVerdict } from "../../judge/final-verdicts.js";
import { rubricHash } from "../../judge/judge-version.js";
import type { CallBudget } from "../../judge/run/call-budget.js";
import type { JudgeRunReport } from "../../judge/run/judge-run-report.js";
import { selfPreference } from "../../judge/run/model-family.js";
import { scoreOfVerdict } from "../../judge/run/score-of-verdict.js";
import { versionOfJudge } from "../../judge/run/version-of-judge.js";
import type { LoadedJudge } from "./load-judge-file.js";
import type { ItemOutcome, JudgedItems } from "./run-verdicts.js";
import { ordersOf, type Voter } from "./run-voters.js";

/** The judge as a report says it. */
export function identityOf({ config, shown }: LoadedJudge, voter: Voter): JudgeRunReport["judge"] {
  return {
    name: config.name,
    file: shown,
    version: versionOfJudge(config),
    rubricVersion: config.rubric.version,
    rubricHash: rubricHash(config),
    model: modelOf(config),
    heuristic: config.heuristic ?? null,
    scale: config.scale.kind,
    votes: voter.votes,
    orders: ordersOf(config).length === 2 ? 2 : 1,
    aggregation: config.aggregation,
  };
}

/** Model of a judge as `provider/name`; `null` for a baseline. */
export function modelOf({ model }: JudgeConfig): string | null {
  return model === undefined ? null : `${model.provider}/${model.name}`;
}

/** Scores of the trials that were judged, and of those that give nothing to judge. */
export function scoresOf(
  { scale }: JudgeConfig,
  { outcomes }: JudgedItems,
): ReadonlyMap<PlannedTrial, Score> {
  const scores = new Map<PlannedTrial, Score>();
  for (const [planned, outcome] of outcomes) {
    if (outcome.kind === "judged") scores.set(planned, scoreOfVerdict(scale, outcome.verdict));
    if (outcome.kind === "not-judged") scores.set(planned, { value: null, reason: outcome.reason });
  }
  return scores;
}

/** Final verdicts of the items that were judged. */
export function verdictsOf({ outcomes }: JudgedItems): readonly FinalVerdict[] {
  return [...outcomes.values()].flatMap((one) => (one.kind === "judged" ? [one.verdict] : []));
}

/** How far the items came. */
export function countsOf(plan: readonly PlannedTrial[], { outcomes }: JudgedItems): JudgeRunReport["items"] {
  const count = (kind: ItemOutcome["kind"]) =>
    [...outcomes.values()].filter((outcome) => outcome.kind === kind).length;
  const notJudged: Record<string, number> = {};
  for (const outcome of outcomes.values()) {
    if (outcome.kind === "not-judged") notJudged[outcome.reason] = (notJudged[outcome.reason] ?? 0) + 1;
  }
  const [judged, failed] = [count("judged"), count("failed")];
  const left = plan.length - judged - failed - count("not-judged");
  return { planned: plan.length, judged, notJudged, failed, left };
}

/** What a reader of the figures must know, one sentence each. */
export function warningsOf(
  config: JudgeConfig,
  { outcomes }: JudgedItems,
  budget: CallBudget,
): readonly string[] {
  const { model, votes } = config;
  if (model === undefined) return [];
  const judge = modelOf(config) ?? "";
  const agents = new Set([...outcomes.values()].flatMap((one) => (one.kind === "judged" ? one.models : [])));
  const preferences = [...agents].flatMap((agent) =>
    agent === null ? [] : (selfPreference(judge, agent) ?? []),
  );
  return [
    ...preferences.map((what) => `${what}: it may prefer them; a judge of another family would not`),
    ...(votes > 1 && model.temperature === 0
      ? [`${votes} votes at temperature 0 are hardly different opinions: raise \`model.temperature\``]
      : []),
    ...(budget.hasNoPrice
      ? [
          "stopped: the price of the model is not known, so --budget-usd cannot be kept; set `model.price` in the judge file",
        ]
      : []),
  ];
}
