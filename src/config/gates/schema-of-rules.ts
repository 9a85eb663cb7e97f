import { z } from "zod";
import { nearest } from "../../core/nearest.js";
import { valueAt } from "../describe-issues.js";
import { commonShape } from "./gate-fields.js";
import {
  betterGateSchema,
  budgetGateSchema,
  coverageGateSchema,
  gateSchema,
  mustPassGateSchema,
  noWorseGateSchema,
  thresholdGateSchema,
  trendGateSchema,
} from "./gate-schema.js";
import { gatesSchema } from "./gates-schema.js";

const LEAVES = {
  coverage: coverageGateSchema,
  must_pass: mustPassGateSchema,
  budget: budgetGateSchema,
  trend: trendGateSchema,
  better_than: betterGateSchema,
  no_worse_than: noWorseGateSchema,
} as const;

const KEYS_OF_KINDS = ["all", "any", ...(Object.keys(LEAVES) as (keyof typeof LEAVES)[])] as const;
/** `all` and `any` may hold each other once. */
const MAX_NESTING = 2;

const tooDeep = z.unknown().refine(() => false, {
  message: "is nested too deep: `all` and `any` may hold one more `all` or `any`, and that only plain gates",
});

/**
 * The schema for a gate file as somebody wrote it. A rule is held to the schema of its own kind, so that a slip in it
 * is told in the words of that kind, not in those of some other that happens to fit a little better.
 */
export function gatesSchemaFor(value: unknown): typeof gatesSchema {
  const gates = valueAt(value, ["gates"]);
  if (!Array.isArray(gates) || gates.length === 0) return gatesSchema;
  // The types of the parsed rules are the same: only the way to the right branch differs.
  return gatesSchema.extend({ gates: schemaOfList(gates, 0) }) as unknown as typeof gatesSchema;
}

function schemaOfList(rules: readonly unknown[], depth: number): z.ZodType {
  const [first, ...rest] = rules.map((rule) => schemaOfRule(rule, depth));
  return first === undefined ? z.array(gateSchema).min(1) : z.tuple([first, ...rest]);
}

function schemaOfRule(rule: unknown, depth: number): z.ZodType {
  const key = keyOfKind(rule);
  if (key === undefined) return thresholdGateSchema;
  if (key !== "all" && key !== "any") return LEAVES[key];
  if (depth >= MAX_NESTING) return tooDeep;
  const parts = valueAt(rule, [key]);
  const partsSchema = Array.isArray(parts) ? schemaOfList(parts, depth + 1) : z.array(gateSchema).min(1);
  return z.strictObject({ [key]: partsSchema, ...commonShape });
}

/** The key that says what a rule is; a mistyped one counts where no other does. */
function keyOfKind(rule: unknown): (typeof KEYS_OF_KINDS)[number] | undefined {
  if (rule === null || typeof rule !== "object") return undefined;
  const keys = Object.keys(rule);
  const exact = KEYS_OF_KINDS.find((key) => keys.includes(key));
  if (exact !== undefined) return exact;
  const known = new Set(Object.values(LEAVES).flatMap((schema) => Object.keys(schema.shape)));
  for (const key of Object.keys(thresholdGateSchema.shape)) known.add(key);
  const unknown = keys.find((key) => !known.has(key) && nearest(key, KEYS_OF_KINDS) !== undefined);
  const meant = unknown === undefined ? undefined : nearest(unknown, KEYS_OF_KINDS);
  return KEYS_OF_KINDS.find((key) => key === meant);
}
