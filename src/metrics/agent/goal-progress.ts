import { caseMetric } from "../case-metric.js";
import { missingPhrases } from "../generation/phrases.js";
import type { CaseMetric, ScoredInput } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { maximumMatching } from "./bipartite-matching.js";
import { callsMade } from "./calls-made.js";
import { callMatches } from "./match-arguments.js";

/** Parts of a goal, and how many of them are reached. */
interface Part {
  readonly wanted: number;
  readonly reached: number;
}

/** A final state that is right was reached, by whatever actions. */
function actionsDone(input: ScoredInput): Part {
  const actions = input.goldenCase.expect.state?.actions ?? [];
  const wanted = actions.length;
  if (input.trial.check?.stateMatches === true) return { wanted, reached: wanted };
  const calls = callsMade(input).filter((call) => !call.isError);
  const reached = maximumMatching(wanted, calls.length, (i, j) => callMatches(actions[i]!, calls[j]!));
  return { wanted, reached };
}

function callsDone(input: ScoredInput): Part {
  const { toolCalls, tools } = input.goldenCase.expect;
  const expected = toolCalls ?? [];
  const calls = callsMade(input);
  const reached = maximumMatching(expected.length, calls.length, (i, j) =>
    callMatches(expected[i]!, calls[j]!, tools),
  );
  return { wanted: expected.length, reached };
}

function outputsGiven({ goldenCase, trace }: ScoredInput): Part {
  const wanted = goldenCase.expect.outputs;
  const plain = (text: string) => text.toLowerCase().replaceAll(",", "");
  const replies = trace.replies.map(plain);
  const reached = wanted.filter((text) => replies.some((reply) => reply.includes(plain(text)))).length;
  return { wanted: wanted.length, reached };
}

function phrasesGiven({ goldenCase, trace }: ScoredInput): Part {
  const wanted = goldenCase.expect.mustInclude;
  return { wanted: wanted.length, reached: wanted.length - missingPhrases(wanted, trace).length };
}

/** Share of the steps and statements which the case asks for that a trial reached: how near a failure came. */
export const goalProgress: CaseMetric = caseMetric({
  name: "goal_progress",
  layer: "agent",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of what the case asks for that was reached: gold actions done, expected calls made, outputs and phrases said, each counted once.",
  needs: ["gold actions, tool calls, outputs or phrases to include in the case"],
  source:
    "parts reached over parts stated; actions by name and arguments in any order, calls that failed aside",
  range: "0 to 1",
  rules: {
    empty: "A case that states none of these, or only what must not happen: no score.",
    refusal: "A refusal reaches nothing of what is asked for.",
    unsupportedClaim: null,
  },
  agreesWith:
    "action checks of tau2-bench for cases with gold actions alone, save that a right final state counts all of them",
  aggregate: "mean",
  score: (input) => {
    const parts = [actionsDone(input), callsDone(input), outputsGiven(input), phrasesGiven(input)];
    const wanted = parts.reduce((sum, part) => sum + part.wanted, 0);
    if (wanted === 0) return unscored("the case asks for no action, call, output or phrase");
    const reached = parts.reduce((sum, part) => sum + part.reached, 0);
    return scored(reached / wanted, `${reached} of ${wanted} reached`);
  },
});
