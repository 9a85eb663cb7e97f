/** `agentctl/vitest`: quality thresholds as assertions. Importing it adds the matchers to `expect`. */
import { expect } from "vitest";
import { matchers } from "./matchers.js";
import type { Requirement } from "./suite-result.js";

expect.extend(matchers);

interface AgentctlMatchers<R = unknown> {
  /** The gates of gates.yaml pass, or the one named. Inconclusive is no pass, and no fail for `.not`. */
  toPassGate(name?: string): R;
  /** Metrics reach what rules of gates.yaml would ask: `{ faithfulness: { min: 0.85, bound: "lower" } }`. */
  toMeet(requirements: { readonly [metric: string]: Requirement }): R;
  /** Every trial calls the tool, with at least these arguments; `.not`: no trial does. */
  toCallTool(name: string, args?: { readonly [key: string]: unknown }): R;
  /** The answer of every trial cites the document; `.not`: none does. */
  toCite(documentId: string): R;
}

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: the declaration that is extended has this default.
  interface Matchers<T = any> extends AgentctlMatchers<T> {}
}

export { evaluateSuite, type SuiteOptions } from "./evaluate-suite.js";
export { CaseResult, type Requirement, SuiteResult } from "./suite-result.js";
