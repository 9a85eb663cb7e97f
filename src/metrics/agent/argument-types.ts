import type { Json } from "../../core/hash.js";
import type { JsonSchema } from "../../core/message.js";

/** Type of one argument, as far as its schema says: BFCL's checker looks one level into lists. */
export interface ArgumentType {
  readonly kind: "string" | "integer" | "float" | "boolean" | "list" | "dict";
  /** Whether the schema says `tuple`: a tuple is then accepted as a list. */
  readonly isTuple: boolean;
  /** Type of the items of a list; `null` when not stated. */
  readonly items: ArgumentType["kind"] | null;
}

/** Words of JSON Schema and of BFCL. `any` is a text there, unless the acceptable values say otherwise. */
const KINDS: Readonly<Record<string, ArgumentType["kind"]>> = {
  string: "string",
  any: "string",
  integer: "integer",
  float: "float",
  number: "float",
  boolean: "boolean",
  array: "list",
  tuple: "list",
  dict: "dict",
  object: "dict",
};

/** @returns `null` when the schema states no single type */
export function argumentType(schema: Json | undefined): ArgumentType | null {
  const kind = kindOf(schema);
  if (kind === null) return null;
  const { type, items } = schema as JsonSchema;
  return { kind, isTuple: type === "tuple", items: kind === "list" ? kindOf(items) : null };
}

function kindOf(schema: Json | undefined): ArgumentType["kind"] | null {
  if (!isObject(schema) || typeof schema.type !== "string") return null;
  return KINDS[schema.type] ?? null;
}

/** Schemas of the arguments by name; `null` when the schema does not list them. */
export function propertiesOf(schema: JsonSchema | null): JsonSchema | null {
  return schema !== null && isObject(schema.properties) ? schema.properties : null;
}

/** Names of the arguments that may not be left out. */
export function requiredOf(schema: JsonSchema | null): readonly string[] {
  const required = schema?.required;
  return Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
}

const JSON_SCHEMA_WORDS: Readonly<Record<string, string>> = {
  dict: "object",
  float: "number",
  tuple: "array",
};

const converted = new WeakMap<JsonSchema, JsonSchema>();

/** The schema with BFCL's type words in those of JSON Schema; `any` states no type. */
export function jsonSchemaOf(schema: JsonSchema): JsonSchema {
  let found = converted.get(schema);
  if (found === undefined) {
    found = convert(schema) as JsonSchema;
    converted.set(schema, found);
  }
  return found;
}

/** Keys under which values are data or names, not schemas. */
const NAMES = new Set(["properties", "$defs", "definitions", "patternProperties"]);
const DATA = new Set(["enum", "const", "default", "examples", "required"]);

function convert(value: Json): Json {
  if (Array.isArray(value)) return value.map(convert);
  if (!isObject(value)) return value;
  const entries: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    if (key === "type" && item === "any") continue;
    if (key === "type" && typeof item === "string") entries.push([key, JSON_SCHEMA_WORDS[item] ?? item]);
    else if (DATA.has(key)) {
      // BFCL writes `"required": true` beside a type, which JSON Schema refuses.
      if (key !== "required" || Array.isArray(item)) entries.push([key, item]);
    } else if (NAMES.has(key) && isObject(item)) {
      entries.push([
        key,
        Object.fromEntries(Object.entries(item).map(([name, inner]) => [name, convert(inner)])),
      ]);
    } else entries.push([key, convert(item)]);
  }
  return Object.fromEntries(entries);
}

function isObject(value: Json | undefined): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
