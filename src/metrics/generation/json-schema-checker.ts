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

interface Compiler {
  compile(schema: JsonSchema): ValidateFunction;
  removeSchema(schema: JsonSchema): unknown;
}

const COMPILERS = {
  "draft 7": () => new (load("ajv") as typeof import("ajv")).Ajv(AJV_OPTIONS),
  "2019-09": () => new (load("ajv/dist/2019.js") as typeof import("ajv/dist/2019.js")).Ajv2019(AJV_OPTIONS),
  "2020-12": () => new (load("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js")).Ajv2020(AJV_OPTIONS),
} satisfies Record<string, () => Compiler>;

type Draft = keyof typeof COMPILERS;

/** What `$schema` says; without it 2020-12, and then draft 7, whose `items` may be a list. */
function draftsOf({ $schema }: JsonSchema): readonly Draft[] {
  if (typeof $schema !== "string") return ["2020-12", "draft 7"];
  if ($schema.includes("2020-12")) return ["2020-12"];
  return [$schema.includes("2019-09") ? "2019-09" : "draft 7"];
}

/** A compiler takes 20 ms to make, so schemas share one. */
const sharedCompilers = new Map<Draft, Compiler>();

function compilerFor(draft: Draft, hasNames: boolean): Compiler {
  // Ajv keeps the names within a schema, and one schema could then refer to another's.
  if (hasNames) return COMPILERS[draft]();
  const shared = sharedCompilers.get(draft) ?? COMPILERS[draft]();
  sharedCompilers.set(draft, shared);
  return shared;
}

function compile(schema: JsonSchema, text: string): Compiled {
  const hasNames = /"\$(?:id|anchor|dynamicAnchor)":/.test(text);
  let problem = "";
  for (const draft of draftsOf(schema)) {
    const compiler = compilerFor(draft, hasNames);
    try {
      const validate = compiler.compile(schema);
      // It would answer with a promise, which is no answer here.
      return "$async" in validate ? { problem: "`$async` schemas are not supported" } : validate;
    } catch (error) {
      problem ||= error instanceof Error ? error.message : String(error);
    } finally {
      if (!hasNames) compiler.removeSchema(schema);
    }
  }
  return { problem };
}

function compiled(schema: JsonSchema): Compiled {
  let found = compiledBySchema.get(schema);
  if (found !== undefined) return found;
  const text = canonicalJson(schema);
  found = compiledByText.get(text) ?? compile(schema, text);
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
