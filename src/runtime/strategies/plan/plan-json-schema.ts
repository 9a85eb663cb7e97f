import type { Json } from "../../../core/hash.js";
import type { JsonSchema } from "../../../core/message.js";
import type { PlanStep, Precondition } from "./plan.js";

/** JSON Schema of the plan that a model is asked for. */
export const PLAN_JSON_SCHEMA: JsonSchema = {
  type: "object",
  properties: {
    thought: { type: "string" },
    confidence: { type: "number", minimum: 0, maximum: 1 },
    alternatives: { type: "array", items: { type: "string" } },
    reply: { type: ["string", "null"] },
    steps: {
      type: "array",
      items: {
        type: "object",
        properties: {
          id: { type: "string", pattern: "^[A-Za-z0-9_-]{1,40}$" },
          tool: { type: "string" },
          arguments: { type: "object" },
          after: { type: "array", items: { type: "string" } },
          preconditions: {
            type: "array",
            items: {
              type: "object",
              properties: {
                from: { type: "string" },
                path: { type: "string" },
                op: { type: "string", enum: ["eq", "ne", "lt", "lte", "gt", "gte", "in", "exists"] },
                value: {},
              },
              required: ["from", "path", "op"],
              additionalProperties: false,
            },
          },
          optional: { type: "boolean" },
          confidence: { type: "number", minimum: 0, maximum: 1 },
        },
        required: ["id", "tool", "arguments"],
        additionalProperties: false,
      },
    },
  },
  required: ["thought", "steps"],
  additionalProperties: false,
};

/** The same as a type: what holds once an answer satisfies the schema. */
export interface PlanAnswer {
  readonly thought: string;
  readonly confidence?: number;
  readonly alternatives?: readonly string[];
  readonly reply?: string | null;
  readonly steps: readonly StepAnswer[];
}

interface StepAnswer {
  readonly id: string;
  readonly tool: string;
  readonly arguments: PlanStep["arguments"];
  readonly after?: readonly string[];
  readonly preconditions?: readonly (Omit<Precondition, "value"> & {
    readonly value?: Json;
  })[];
  readonly optional?: boolean;
  readonly confidence?: number;
}
