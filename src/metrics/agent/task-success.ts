import { caseMetric } from "../case-metric.js";
import { citationsOf } from "../generation/citations.js";
import { jsonSchemaValid } from "../generation/json-answer.js";
import { missingPhrases, phrasesIn } from "../generation/phrases.js";
import { agentDeclined } from "../generation/refusal.js";
import type { CaseMetric, ScoredInput } from "../metric.js";
import { retrievedDocuments } from "../retrieval/retrieved-documents.js";
import { scored, unscored } from "../scores.js";
import { excerpt } from "../text.js";
import { callsMade } from "./calls-made.js";
import { renderCall, renderCalls, toolCallAgreement } from "./tool-calls.js";

export const TASK_SUCCESS = "task.success";

interface Judgement {
  /** Demands of the case that could be judged. */
  readonly judged: number;
  readonly failures: readonly string[];
  /** Why the trial cannot be judged although the case demands something. */
  readonly unjudged: string | null;
}

/** Failures of one demand; `null` when the case does not make it. */
type Demand = (input: ScoredInput) => string[] | null;

const cameAnswer = ({ trace }: ScoredInput) =>
  trace.answer === null ? "the agent gave no answer" : `it says "${excerpt(trace.answer)}"`;

/** The environment's verdict on the final state and the replies decides a case that runs in one. */
const environment: Demand = ({ trial: { check } }) => {
  if (check === null) return null;
  if (check.reward === 1) return [];
  const failures = check.missingOutputs.map((text) => `expected a reply with "${text}"; none has it`);
  if (check.stateMatches === false) {
    const paths = check.stateDifferences.slice(0, 3).join(", ");
    const more = check.stateDifferences.length > 3 ? " and others" : "";
    failures.push(
      `expected the final state of the gold actions; it differs${paths === "" ? "" : ` at ${paths}${more}`}`,
    );
  }
  if (failures.length > 0) return failures;
  return check.stateHash === null
    ? ["expected success; the recording says that the trial failed"]
    : ["expected reward 1 from the environment's check; it gave 0"];
};

/** Without an environment, expected outputs are looked for in the replies as tau-bench does it. */
const outputs: Demand = ({ goldenCase, trial, trace }) => {
  const wanted = goldenCase.expect.outputs;
  if (wanted.length === 0 || trial.check !== null) return null;
  const replies = trace.replies.map((reply) => reply.toLowerCase().replaceAll(",", ""));
  return wanted
    .filter((text) => !replies.some((reply) => reply.includes(text.toLowerCase().replaceAll(",", ""))))
    .map((text) => `expected a reply with "${text}"; none has it`);
};

const included: Demand = (input) => {
  const phrases = input.goldenCase.expect.mustInclude;
  if (phrases.length === 0) return null;
  return missingPhrases(phrases, input.trace).map(
    (phrase) => `expected the answer to contain "${phrase}"; ${cameAnswer(input)}`,
  );
};

const excluded: Demand = ({ goldenCase, trace }) => {
  const phrases = goldenCase.expect.mustNotInclude;
  if (phrases.length === 0) return null;
  return phrasesIn(phrases, trace.answer ?? "").map(
    (phrase) => `expected the answer not to contain "${phrase}"; it does`,
  );
};

/** The answer rests on every expected source: it cites them, or, when it cites nothing, it retrieved them. */
const sources: Demand = ({ goldenCase, trace }) => {
  const wanted = goldenCase.expect.sources;
  if (wanted.length === 0) return null;
  const cited = citationsOf(goldenCase, trace)
    .filter((citation) => citation.retrieved)
    .map((citation) => citation.documentId);
  const retrieved = retrievedDocuments(trace);
  const used = cited.length > 0 ? cited : retrieved;
  const missing = wanted.filter((source) => !used.includes(source));
  if (missing.length === 0) return [];
  const came =
    cited.length > 0
      ? `it cites ${cited.join(", ")}`
      : retrieved.length > 0
        ? `it cites nothing and retrieved ${retrieved.slice(0, 5).join(", ")}`
        : "it retrieved nothing";
  return [`expected the answer to rest on ${missing.join(", ")}; ${came}`];
};

const toolCalls: Demand = (input) => {
  const { toolCalls: wanted, toolCallsMode, tools } = input.goldenCase.expect;
  if (wanted === null) return null;
  const calls = callsMade(input);
  if (toolCallAgreement(wanted, calls, toolCallsMode, tools) === 1) return [];
  const came = renderCalls(calls);
  if (wanted.length === 0) return [`expected no tool call; came ${came}`];
  const list = wanted.map((call) => renderCall(call.name, call.args)).join(", ");
  return [`expected tool calls (${toolCallsMode}) ${list}; came ${came}`];
};

const refusal: Demand = (input) => {
  const wanted = input.goldenCase.expect.refusal;
  if (wanted === null) return null;
  if (agentDeclined(input.trial, input.trace) === wanted) return [];
  return [`expected the agent to ${wanted ? "decline" : "answer, not to decline"}; ${cameAnswer(input)}`];
};

/** A verdict from elsewhere has looked at the answer's form already. */
const schema: Demand = (input) => {
  if (input.trial.check !== null) return null;
  const score = jsonSchemaValid.score(input);
  if (score.value === null) return null;
  return score.value === 1
    ? []
    : [`expected JSON that satisfies the case's schema; ${score.detail ?? "it does not"}`];
};

const DEMANDS: readonly Demand[] = [
  environment,
  outputs,
  included,
  excluded,
  sources,
  toolCalls,
  schema,
  refusal,
];

function judge(input: ScoredInput): Judgement {
  const { expect } = input.goldenCase;
  if (expect.state !== null && input.trial.check === null) {
    return {
      judged: 0,
      failures: [],
      unjudged: "the case states a final state but the trial has no state check",
    };
  }
  const failures: string[] = [];
  let judged = 0;
  for (const demand of DEMANDS) {
    const found = demand(input);
    if (found === null) continue;
    judged++;
    failures.push(...found);
  }
  if (judged > 0) return { judged, failures, unjudged: null };
  const unjudged =
    expect.answer === null
      ? "the case states nothing to check"
      : "the case states only a reference answer, which needs a judge";
  return { judged, failures, unjudged };
}

/**
 * Why a trial failed: one sentence for each unmet demand of the case, naming what was expected and what came.
 * Empty for a trial that succeeded or cannot be judged.
 */
export function failuresOf(input: ScoredInput): string[] {
  if (input.trial.status === "error") return [];
  const { failures } = judge(input);
  const cut = CUT_SHORT[input.trial.stopReason];
  return failures.length > 0 && cut !== undefined ? [...failures, cut] : [...failures];
}

const CUT_SHORT: Readonly<Partial<Record<ScoredInput["trial"]["stopReason"], string>>> = {
  step_limit: "expected the agent to finish; it reached its step limit",
  deadline: "expected the agent to finish; it reached its deadline",
  budget: "expected the agent to finish; it reached its cost budget",
  aborted: "expected the agent to finish; it was aborted",
};

/**
 * 1 when the trial meets everything that the case states, else 0: the environment's check (which decides where
 * there is one), phrases to include and exclude, sources, tool calls in their mode, a JSON Schema, outputs, refusal. A
 * reference answer alone is not compared: without a judge that would be a guess.
 */
export const taskSuccess: CaseMetric = caseMetric({
  name: TASK_SUCCESS,
  layer: "agent",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of trials that meet everything the case states: environment check, phrases, sources, tool calls, JSON Schema and refusal.",
  needs: ["an expectation in the case other than a reference answer alone"],
  source: "conjunction of the case's demands; environment reward as in tau-bench",
  range: "0 or 1 a trial",
  rules: {
    empty: "A case that states nothing to check: no score.",
    refusal:
      "Declining is right where the case states `refusal: true`, wrong where it states `false`, else judged by the other demands.",
    unsupportedClaim: null,
  },
  agreesWith:
    "reward of tau-bench and tau2-bench for cases with an environment; elsewhere the conjunction of assertions, as in promptfoo",
  aggregate: "proportion",
  score: (input) => {
    const { failures, unjudged } = judge(input);
    if (unjudged !== null) return unscored(unjudged);
    return scored(failures.length === 0 ? 1 : 0);
  },
});
