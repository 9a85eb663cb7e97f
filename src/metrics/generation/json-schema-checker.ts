import { createRequire } from "node:module";
import type { ValidateFunction } from "ajv";
import { canonicalJson, type Json } from "../../core/hash.js";
import type { JsonSchema } from "../../core/message.js";

/** What a check of a value found: nothing wrong, the first fault, or a schema that cannot be checked against. */
export type SchemaFinding =
  | { readonly kind: "valid" }
  | { readonly kind: "invalid"; readonly fault: string }
  | { readonly kind: "unusable"; readonly problem: string };

type Compiled = ValidateFunction | { readonly problem: string };

/** Ajv costs 40 ms to load, so only a case that states a schema loads it. Metrics are synchronous: no `import()`. */
const load = createRequire(import.meta.url);

const AJV_OPTIONS = { strict: false, validateFormats: false, addUsedSchema: false, logger: false } as const;
const MOST_KEPT_SCHEMAS = 256;

const compiledByText = new Map<string, Compiled>();
const compiledBySchema = new WeakMap<JsonSchema, Compiled>();

/** Compilers by what a schema's `$schema` says; without it, 2020-12 and then draft 7, whose `items` may be a list. */
function compilersFor({ $schema }: JsonSchema): (() => { compile(schema: JsonSchema): ValidateFunction })[] {
  const draft7 = () => new (load("ajv") as typeof import("ajv")).Ajv(AJV_OPTIONS);
  const draft2019 = () =>
    new (load("ajv/dist/2019.js") as typeof import("ajv/dist/2019.js")).Ajv2019(AJV_OPTIONS);
  const draft2020 = () =>
    new (load("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js")).Ajv2020(AJV_OPTIONS);
  if (typeof $schema !== "string") return [draft2020, draft7];
  if ($schema.includes("2020-12")) return [draft2020];
  return $schema.includes("2019-09") ? [draft2019] : [draft7];
}

function compile(schema: JsonSchema): Compiled {
  let problem = "";
  for (const compiler of compilersFor(schema)) {
    try {
      return compiler().compile(schema);
    } catch (error) {
      problem ||= error instanceof Error ? error.message : String(error);
    }
  }
  return { problem };
}

function compiled(schema: JsonSchema): Compiled {
  let found = compiledBySchema.get(schema);
  if (found !== undefined) return found;
  const text = canonicalJson(schema);
  found = compiledByText.get(text) ?? compile(schema);
  if (compiledByText.size >= MOST_KEPT_SCHEMAS) compiledByText.clear();
  compiledByText.set(text, found);
  compiledBySchema.set(schema, found);
  return found;
}

/**
 * Checks a value against a JSON Schema of draft 6, 7, 2019-09 or 2020-12 (the default). Unknown keywords and
 * `format` say nothing, as the specification has it; references to other documents cannot be followed.
 *
 * Equal schemas are compiled once.
 */
export function checkAgainstSchema(schema: JsonSchema, value: Json): SchemaFinding {
  const validate = compiled(schema);
  if (typeof validate !== "function") return { kind: "unusable", problem: validate.problem };
  try {
    if (validate(value)) return { kind: "valid" };
  } catch {
    // A recursive schema follows the value down, and an answer may be nested deeper than the stack.
    return { kind: "invalid", fault: "is nested too deep to be checked" };
  }
  const [first] = validate.errors ?? [];
  return { kind: "invalid", fault: `${first?.instancePath || "the whole"} ${first?.message ?? "is wrong"}` };
}
