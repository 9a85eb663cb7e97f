import type { MetricFacts, Score } from "../../core/score.js";
import type { TauSimulation } from "./tau-simulation.js";
import { CUT_SHORT_ENDS } from "./tau2-simulation.js";

/** Names of the scores that tau2-bench's checks of single actions give. */
const GOLD_ACTIONS = "tau2.gold_actions";
const MATCHED_ACTIONS = "tau2.matched_actions";

const agentMetric = { layer: "agent", direction: "higher" } as const;

const ACTION_FACTS: readonly MetricFacts[] = [
  {
    ...agentMetric,
    name: GOLD_ACTIONS,
    unit: "count",
    aggregate: "sum",
    description: "Actions of the gold solutions that tau2-bench looked for; total over the run.",
  },
  {
    ...agentMetric,
    name: MATCHED_ACTIONS,
    unit: "count",
    aggregate: "sum",
    description: "Actions of the gold solutions that tau2-bench found; total over the run.",
  },
  {
    ...agentMetric,
    name: "tau2.action_share",
    unit: "proportion",
    aggregate: "mean",
    description: "Share of a trial's gold actions that tau2-bench found; mean over trials with gold actions.",
  },
  {
    ...agentMetric,
    name: "tau2.all_actions_matched",
    unit: "proportion",
    aggregate: "proportion",
    description: "Share of the trials with gold actions in which tau2-bench found every one of them.",
  },
];

const STATE_FACTS: MetricFacts = {
  ...agentMetric,
  name: "tau2.db_match",
  unit: "proportion",
  aggregate: "proportion",
  description: "Share of trials whose final database equals that of the gold solution, as tau2-bench found.",
};

const CUT_SHORT_FACTS: MetricFacts = {
  name: "tau2.cut_short",
  layer: "agent",
  unit: "proportion",
  direction: "lower",
  aggregate: "proportion",
  description:
    "Share of trials that tau2-bench cut off: max_steps, too_many_errors, agent_error, timeout, context_window_exceeded.",
};

const REWARD_FACTS: MetricFacts = {
  ...agentMetric,
  name: "tau2.reward",
  unit: "score",
  aggregate: "mean",
  description: "Reward as recorded, 0 to 1; mean over trials. A success has reward 1.",
};

/** Facts of the scores that {@link tauScores} gives for at least one of the simulations. */
export function tauScoreFacts(simulations: readonly TauSimulation[]): readonly MetricFacts[] {
  const facts: MetricFacts[] = [];
  if (simulations.some(({ actionChecks }) => actionChecks !== null)) facts.push(...ACTION_FACTS);
  if (simulations.some(({ stateMatches }) => stateMatches !== null)) facts.push(STATE_FACTS);
  const parts = new Set(simulations.flatMap(({ rewardBreakdown }) => Object.keys(rewardBreakdown)));
  for (const part of [...parts].sort()) {
    facts.push({
      ...agentMetric,
      name: partName(part),
      unit: "proportion",
      aggregate: "proportion",
      description: `Part ${part} of the reward of tau2-bench, 0 to 1; mean over trials.`,
    });
  }
  if (simulations.some(({ terminationReason }) => terminationReason !== null)) facts.push(CUT_SHORT_FACTS);
  if (simulations.some(({ reward }) => reward !== null && reward !== 0 && reward !== 1)) {
    facts.push(REWARD_FACTS);
  }
  return facts;
}

/** What tau2-bench found in one simulation, by metric name; empty for tau-bench, which gives a reward alone. */
export function tauScores(simulation: TauSimulation): Readonly<Record<string, Score>> {
  const { shape, reward, rewardBreakdown, stateMatches, terminationReason } = simulation;
  const scores: Record<string, Score> = {};
  if (reward !== null) scores[REWARD_FACTS.name] = { value: reward };
  if (shape === "tau-bench") return scores;
  Object.assign(scores, actionScores(simulation.actionChecks));
  if (stateMatches !== null) scores[STATE_FACTS.name] = { value: stateMatches ? 1 : 0 };
  for (const [part, value] of Object.entries(rewardBreakdown)) {
    if (value >= 0 && value <= 1) scores[partName(part)] = { value };
  }
  if (terminationReason !== null) {
    scores[CUT_SHORT_FACTS.name] = {
      value: CUT_SHORT_ENDS.has(terminationReason) ? 1 : 0,
      detail: terminationReason,
    };
  }
  return scores;
}

function partName(part: string): string {
  return `tau2.reward_${part.toLowerCase().replace(/[^a-z0-9]+/g, "_")}`;
}

function actionScores(checks: TauSimulation["actionChecks"]): Readonly<Record<string, Score>> {
  if (checks === null || checks.length === 0) {
    const reason = checks === null ? "the recording checks no actions" : "the task has no gold actions";
    return Object.fromEntries(ACTION_FACTS.map(({ name }) => [name, { value: null, reason }]));
  }
  const missed = checks.filter(({ isMatched }) => !isMatched);
  const matched = checks.length - missed.length;
  const detail =
    missed.length === 0
      ? {}
      : {
          detail: `not made: ${missed.map((one) => `${one.name}(${JSON.stringify(one.arguments)})`).join(", ")}`,
        };
  return {
    [GOLD_ACTIONS]: { value: checks.length },
    [MATCHED_ACTIONS]: { value: matched },
    "tau2.action_share": { value: matched / checks.length, ...detail },
    "tau2.all_actions_matched": { value: missed.length === 0 ? 1 : 0, ...detail },
  };
}
