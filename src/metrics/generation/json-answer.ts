import type { Json } from "../../core/hash.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { checkAgainstSchema } from "./json-schema-checker.js";

type Parsed = { readonly value: Json } | { readonly fault: string };

/** The whole answer as JSON; nothing is cut from around it, because a program that reads it would not either. */
function parseAnswer(answer: string | null): Parsed {
  if (answer === null) return { fault: "the agent gave no answer" };
  try {
    return { value: JSON.parse(answer) as Json };
  } catch {
    const isFenced = /^\s*```/.test(answer);
    return { fault: isFenced ? "the answer is in a code fence" : "the answer is not JSON" };
  }
}

/** 1 when the whole final answer is JSON, else 0. */
export const jsonValid: CaseMetric = caseMetric({
  name: "json.valid",
  layer: "generation",
  unit: "proportion",
  direction: "higher",
  description: "Share of trials whose whole final answer is JSON; text or a code fence around it is not.",
  needs: ["a completed trial"],
  source: "RFC 8259, by JSON.parse",
  range: "0 or 1 a trial",
  rules: {
    empty: "No answer, or an empty one: 0.",
    refusal: "A refusal in prose is not JSON: 0.",
    unsupportedClaim: null,
  },
  agreesWith: "promptfoo `is-json` without a schema",
  aggregate: "proportion",
  score: ({ trace }) => {
    const parsed = parseAnswer(trace.answer);
    return "fault" in parsed ? scored(0, parsed.fault) : scored(1);
  },
});

/** 1 when the final answer is JSON that satisfies the case's schema, else 0. */
export const jsonSchemaValid: CaseMetric = caseMetric({
  name: "json.matches_schema",
  layer: "generation",
  unit: "proportion",
  direction: "higher",
  description: "Share of trials whose whole final answer is JSON that satisfies the case's JSON Schema.",
  needs: ["expect.schema in the case"],
  source:
    "JSON Schema draft 2020-12 unless `$schema` says 2019-09, draft 7 or 6, by Ajv; `format` is an annotation",
  range: "0 or 1 a trial",
  rules: {
    empty:
      "A case without `expect.schema`, or with one that is no JSON Schema: no score. No answer, or an empty one: 0.",
    refusal: "A refusal in prose is not JSON: 0.",
    unsupportedClaim: null,
  },
  agreesWith: "promptfoo `is-json` with a schema, formats aside",
  aggregate: "proportion",
  score: ({ goldenCase, trace }) => {
    const { schema } = goldenCase.expect;
    if (schema === undefined) return unscored("the case states no JSON Schema");
    const parsed = parseAnswer(trace.answer);
    if ("fault" in parsed) return scored(0, parsed.fault);
    const finding = checkAgainstSchema(schema, parsed.value);
    if (finding.kind === "valid") return scored(1);
    if (finding.kind === "invalid") return scored(0, finding.fault);
    return unscored(`the case's JSON Schema cannot be used: ${finding.problem}`);
  },
});
