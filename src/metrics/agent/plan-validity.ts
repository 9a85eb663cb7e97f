import type { OfferedTool } from "../../core/golden-case.js";
import { caseMetric } from "../case-metric.js";
import { checkAgainstSchema } from "../generation/json-schema-checker.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { jsonSchemaOf } from "./argument-types.js";
import { type CallMade, callsMade } from "./calls-made.js";

/** What is wrong with a call, or `null`. A schema that cannot be checked against says nothing. */
function faultOf(call: CallMade, tools: readonly OfferedTool[]): string | null {
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) return `there is no tool ${call.name}`;
  if (call.isMalformed) return `malformed arguments of ${call.name}`;
  const finding = checkAgainstSchema(jsonSchemaOf(tool.parameters), call.arguments);
  return finding.kind === "invalid" ? `arguments of ${call.name}: ${finding.fault}` : null;
}

/** 1 when every call of a trial could have been run. */
export const planValidity: CaseMetric = caseMetric({
  name: "plan_validity",
  layer: "agent",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of trials in which every tool call names a tool on offer, with arguments that can be read and satisfy its schema.",
  needs: ["expect.tools in the case", "a tool call in the trace"],
  source: "tool_call_start events against the JSON Schemas of the case's tools",
  range: "0 or 1 a trial",
  rules: {
    empty: "No tool call, or a case that does not state its tools: no score.",
    refusal: "A refusal makes no call: no score.",
    unsupportedClaim: null,
  },
  agreesWith: "promptfoo `is-valid-function-call`, which looks at one call; no peer for several",
  aggregate: "proportion",
  score: (input) => {
    const { tools } = input.goldenCase.expect;
    if (tools === undefined) return unscored("the case does not state its tools");
    const calls = callsMade(input);
    if (calls.length === 0) return unscored("no tool call in the trace");
    for (const call of calls) {
      const fault = faultOf(call, tools);
      if (fault !== null) return scored(0, fault);
    }
    return scored(1);
  },
});
