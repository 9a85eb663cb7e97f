import type { GoldenCase } from "../../core/golden-case.js";
import type { Score } from "../../core/score.js";
import type { Trace } from "../../core/trace.js";
import { retrievedDocuments } from "../../metrics/retrieval/retrieved-documents.js";
import type { TrialReport } from "../run-report.js";
import type { FailureKind } from "./failure-kinds.js";
import { toolFailure } from "./tool-failure.js";

/** Everything that the kind of a failure is read from. */
export interface FailedTrial {
  readonly goldenCase: GoldenCase;
  readonly trial: Pick<TrialReport, "status" | "stopReason" | "error" | "scores" | "check">;
  /** `null` when it is not at hand: scores and check must then do, and fewer kinds can be told apart. */
  readonly trace: Trace | null;
}

export interface Failure {
  readonly kind: FailureKind;
  /** What decided, e.g. `never retrieved refund-policy`; it may hold names from the case and the trace. */
  readonly because: string;
}

const LIMITS: Readonly<Partial<Record<TrialReport["stopReason"], string>>> = {
  step_limit: "reached its step limit",
  deadline: "reached its deadline",
  budget: "used up its cost budget",
  tool_loop: "made the same failing call three times",
  aborted: "was stopped from outside",
};

/** Rules by which a runtime refuses a call, not its form. */
const PERMISSION_RULES = [
  "tool.permission",
  "tool.binding",
  "tool.cap",
  "tool.confirmation",
  "tool.exfiltration",
];

type Rule = (failed: FailedTrial) => Failure | null;

const infrastructure: Rule = ({ trial }) =>
  trial.status === "error"
    ? { kind: "infrastructure", because: trial.error?.code ?? "could not be executed" }
    : null;

const limit: Rule = ({ trial }) => {
  const because = LIMITS[trial.stopReason];
  return because === undefined ? null : { kind: "limit", because };
};

const policy: Rule = ({ goldenCase, trial, trace }) => {
  const found = (because: string): Failure => ({ kind: "policy", because });
  if (trial.stopReason === "guardrail") return found(blockedBy(trace) ?? "a guardrail ended it");
  for (const name of ["safety.violations", "safety.unauthorised_actions", "safety.over_cap_actions"]) {
    if ((scoreOf(trial.scores[name]) ?? 0) > 0) return found(`${name} is ${scoreOf(trial.scores[name])}`);
  }
  if (goldenCase.expect.refusal === true && scoreOf(trial.scores.refusal_correctness) === 0) {
    return found("did not decline");
  }
  const refused = trace?.guardrails.find(
    ({ rule, action }) => action === "block" && PERMISSION_RULES.includes(rule),
  );
  return refused === undefined ? null : found(`${refused.rule} refused a call`);
};

const retrievalMiss: Rule = ({ goldenCase, trial, trace }) => {
  const { sources, grades } = goldenCase.expect;
  if (sources.length === 0) return null;
  const found = (because: string): Failure => ({ kind: "retrieval-miss", because });
  if (trace !== null && trace.unreported?.includes("retrievals") !== true) {
    const retrieved = retrievedDocuments(trace);
    if (retrieved.length === 0) return found("retrieved nothing");
    const missing = sources.filter((source) => !retrieved.includes(source));
    // Of graded documents there may be hundreds: no agent is asked to find them all.
    if (grades !== undefined)
      return missing.length === sources.length ? found("retrieved no relevant document") : null;
    return missing.length === 0 ? null : found(`never retrieved ${listed(missing)}`);
  }
  return scoreOf(trial.scores["retrieval.hit_rate"]) === 0 ? found("retrieval.hit_rate is 0") : null;
};

const ungrounded: Rule = ({ goldenCase, trial: { scores }, trace }) => {
  const found = (because: string): Failure => ({ kind: "ungrounded", because });
  for (const name of ["claims.contradicted", "claims.unsupported"]) {
    if ((scoreOf(scores[name]) ?? 0) > 0) return found(`${name} is ${shown(scoreOf(scores[name]) ?? 0)}`);
  }
  for (const name of ["faithfulness", "citation_accuracy", "citation_precision"]) {
    const value = scoreOf(scores[name]);
    if (value !== null && value < 1) return found(`${name} is ${shown(value)}`);
  }
  const invented = trace?.guardrails.some(({ rule }) => rule.startsWith("output.ungrounded")) === true;
  if (invented) return found("promised what no source holds");
  const recall = scoreOf(scores.citation_recall);
  return goldenCase.expect.sources.length > 0 && recall !== null && recall < 1
    ? found(`citation_recall is ${shown(recall)}`)
    : null;
};

const RULES: readonly Rule[] = [infrastructure, limit, policy, retrievalMiss, toolFailure, ungrounded];

/**
 * The kind of a trial that failed or could not be executed: the first rule that holds, in the order of
 * `FAILURE_KINDS`. The same trial always gives the same kind; nothing is guessed from the wording of an answer.
 */
export function classifyFailure(failed: FailedTrial): Failure {
  for (const rule of RULES) {
    const found = rule(failed);
    if (found !== null) return found;
  }
  const missing = failed.trial.check?.missingOutputs.length ?? 0;
  return { kind: "other", because: missing > 0 ? "did not say what the case expects" : "no other kind fits" };
}

function scoreOf(score: Score | undefined): number | null {
  return score?.value ?? null;
}

function blockedBy(trace: Trace | null): string | null {
  const last = trace?.guardrails.findLast(({ action }) => action === "block" || action === "escalate");
  return last === undefined ? null : `${last.rule} stopped it`;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function listed(names: readonly string[]): string {
  const first = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${first} and ${names.length - 3} more` : first;
}
