import type { MatcherState } from "vitest";
import type { GateReport } from "../gates/gate-report.js";
import { CaseResult, type Requirement, SuiteResult, type TrialFacts } from "./suite-result.js";

type State = Pick<MatcherState, "isNot" | "equals" | "utils">;

/** Without `.not` vitest leaves the flag undefined, whatever its type says. */
function isNegated({ isNot }: State): boolean {
  return isNot === true;
}

interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

/** Asserts on runs of suites and on their cases. Nothing passes for want of data, `.not` included. */
export const matchers = {
  /** The gates of gates.yaml pass, or the one named. */
  toPassGate(this: State, received: unknown, name?: string): Outcome {
    const { gate, run } = suiteOf(received, "toPassGate");
    if (gate === null) return unknown(this, `run ${run.id} has no gates: the suite has no gates.yaml`);
    if (name === undefined) return gateOutcome(this, gate);
    const found = gate.results.find((result) => result.name === name);
    if (found !== undefined) {
      return decided(this, found.verdict, [`${found.name}: ${found.verdict}: ${found.reason}`]);
    }
    const skipped = gate.skipped.find((one) => one.name === name);
    const why = skipped === undefined ? "there is none of that name" : `it was skipped: ${skipped.reason}`;
    const names = gate.results.map((result) => JSON.stringify(result.name)).join(", ");
    return unknown(this, `no verdict of the gate "${name}": ${why}; the gates are ${names}`);
  },

  /** Metrics reach what rules of gates.yaml would ask of them. */
  toMeet(this: State, received: unknown, requirements: { readonly [metric: string]: Requirement }): Outcome {
    return gateOutcome(this, suiteOf(received, "toMeet").judge(requirements));
  },

  /** Every trial calls the tool; with arguments, those are among the arguments of one call. */
  toCallTool(
    this: State,
    received: unknown,
    name: string,
    args: { readonly [key: string]: unknown } = {},
  ): Outcome {
    const testers = [this.utils.iterableEquality, this.utils.subsetEquality];
    const wanted = `call ${name}${Object.keys(args).length === 0 ? "" : ` with ${JSON.stringify(args)}`}`;
    return everyTrial(this, received, wanted, (trial) => ({
      holds: trial.toolCalls.some((call) => call.name === name && this.equals(call.arguments, args, testers)),
      found: trial.toolCalls.map((call) => `${call.name}(${JSON.stringify(call.arguments)})`),
    }));
  },

  /** The answer of every trial cites the document. */
  toCite(this: State, received: unknown, documentId: string): Outcome {
    return everyTrial(this, received, `cite ${documentId}`, (trial) => ({
      holds: trial.citations.includes(documentId),
      found: trial.citations,
    }));
  },
};

function suiteOf(received: unknown, matcher: string): SuiteResult {
  if (received instanceof SuiteResult) return received;
  throw new TypeError(`${matcher}: expected what evaluateSuite() resolves to, found ${typeof received}`);
}

function casesOf(received: unknown): readonly CaseResult[] {
  if (received instanceof CaseResult) return [received];
  if (received instanceof SuiteResult) return received.cases;
  throw new TypeError(
    `expected a case of a suite, such as result.case("key-reset-01"), or a suite; found ${typeof received}`,
  );
}

/** Neither the assertion nor its negation holds of what is not known. */
function unknown(state: State, message: string): Outcome {
  return { pass: isNegated(state), message: () => message };
}

/** What `on_inconclusive` makes of too little evidence is no proof that the rule is broken. */
function gateOutcome(state: State, gate: GateReport): Outcome {
  const results = gate.results.filter((result) => result.verdict !== "pass" || isNegated(state));
  const isShown = gate.results.some(({ verdict, severity }) => verdict === "fail" && severity !== "minor");
  const verdict = gate.verdict === "fail" && !isShown ? "inconclusive" : gate.verdict;
  return decided(state, verdict, [
    ...gate.reasons,
    ...results.map((result) => `${result.name}: ${result.verdict}: ${result.reason}`),
  ]);
}

function decided(state: State, verdict: GateReport["verdict"], lines: readonly string[]): Outcome {
  const text = [...new Set(lines)].map((line) => `  ${line}`).join("\n");
  if (verdict === "inconclusive" || verdict === "error") {
    return unknown(state, `the verdict is ${verdict}, which is neither pass nor fail:\n${text}`);
  }
  const wanted = isNegated(state) ? "fail" : "pass";
  return {
    pass: verdict === "pass",
    message: () => `expected the verdict ${wanted}, found ${verdict}:\n${text}`,
  };
}

/** `.not` wants that no trial does it: the negation of "every trial does" would let all but one do it. */
function everyTrial(
  state: State,
  received: unknown,
  wanted: string,
  look: (trial: TrialFacts) => { readonly holds: boolean; readonly found: readonly string[] },
): Outcome {
  const trials = casesOf(received).flatMap((one) =>
    one.facts().map((facts) => ({ id: one.id, facts, ...look(facts) })),
  );
  if (trials.length === 0) return unknown(state, `no trial was executed, so none can ${wanted}`);
  const broken = trials.filter(({ facts }) => !facts.isComplete);
  const against = trials.filter(({ facts, holds }) => facts.isComplete && holds === isNegated(state));
  if (against.length === 0 && broken.length > 0) {
    const names = broken.map(({ id, facts }) => `${id} trial ${facts.trial}`).join(", ");
    return unknown(state, `infrastructure broke ${names}: whether it would ${wanted} is not known`);
  }
  return {
    pass: isNegated(state) ? against.length > 0 : against.length === 0,
    message: () => {
      const lines = against.map(
        ({ id, facts, found }) =>
          `  ${id} trial ${facts.trial}: found ${found.length === 0 ? "nothing" : found.join(", ")}`,
      );
      return `expected ${isNegated(state) ? "no" : "every"} trial to ${wanted}:\n${lines.join("\n")}`;
    },
  };
}
