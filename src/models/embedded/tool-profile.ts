import type { Json } from "../../core/hash.js";
import type { JsonSchema, ToolSpec } from "../../core/message.js";
import { idTokens, shapesOf } from "./id-tokens.js";
import { stem } from "./stem.js";
import { contentStems } from "./words.js";

/** What kind of text fills a parameter. `other`: nothing that this baseline can read from a sentence. */
type SlotKind =
  | "id"
  | "amount"
  | "number"
  | "boolean"
  | "choice"
  | "email"
  | "date"
  | "query"
  | "reason"
  | "text"
  | "other";

/** A parameter of a tool, as far as its schema says what may fill it. */
export interface Slot {
  readonly name: string;
  /** The name as words, e.g. "order id", "amount in USD". */
  readonly label: string;
  /** Stems of what the parameter names, e.g. `order` of `order_id`. */
  readonly nouns: readonly string[];
  readonly kind: SlotKind;
  readonly isRequired: boolean;
  /** Filled by the user's yes to a question, never from other words. */
  readonly isConfirmation: boolean;
  /** Whether the value is a list of what `kind` says. */
  readonly isList: boolean;
  readonly choices: readonly Json[];
  readonly pattern: RegExp | null;
  /** Shapes of the example ids in the description. */
  readonly shapes: readonly string[];
  readonly isInteger: boolean;
}

/** A tool with what the lexical choice needs of it. */
export interface ToolProfile {
  readonly name: string;
  /** The name as words, e.g. "cancel order". */
  readonly label: string;
  /** The same with an article, to put into a sentence: "cancel the order". */
  readonly phrase: string;
  /** First word of the name as written: what the tool does. */
  readonly verb: string;
  readonly verbStem: string;
  readonly nounStems: readonly string[];
  readonly descriptionStems: ReadonlySet<string>;
  readonly slots: readonly Slot[];
  readonly isReadOnly: boolean;
  readonly needsConfirmation: boolean;
  /** Whether the description says that the effect stays. */
  readonly isIrreversible: boolean;
}

const READ_VERBS = new Set(
  "get list look lookup find search show view fetch read check track calculate count describe query retrieve"
    .split(" ")
    .map(stem),
);
const FINAL_VERBS = new Set(
  "cancel delete terminate close erase purge remove wipe revoke deactivate".split(" ").map(stem),
);
const IRREVERSIBLE =
  /cannot be (?:undone|reversed)|can't be undone|irreversibl|permanent|not reversible|no way back/i;
const CONFIRM_FIRST = /\bconfirm/i;

const remembered = new WeakMap<readonly ToolSpec[], readonly ToolProfile[]>();

/** Profiles of the tools, in their order; the same array is analysed once. */
export function toolProfiles(tools: readonly ToolSpec[]): readonly ToolProfile[] {
  const known = remembered.get(tools);
  if (known !== undefined) return known;
  const profiles = tools.map(profileOf);
  remembered.set(tools, profiles);
  return profiles;
}

function profileOf(tool: ToolSpec): ToolProfile {
  const parts = nameParts(tool.name);
  const verb = parts[0] ?? tool.name;
  const slots = slotsOf(tool.parameters);
  const verbStem = stem(verb);
  const isIrreversible = IRREVERSIBLE.test(tool.description);
  return {
    name: tool.name,
    label: parts.join(" "),
    phrase: parts.length > 1 ? [verb, "the", ...parts.slice(1)].join(" ") : verb,
    verb,
    verbStem,
    nounStems: parts.slice(1).map(stem),
    descriptionStems: new Set(contentStems(tool.description)),
    slots,
    isReadOnly: READ_VERBS.has(verbStem),
    isIrreversible,
    needsConfirmation:
      isIrreversible ||
      FINAL_VERBS.has(verbStem) ||
      slots.some(({ isConfirmation }) => isConfirmation) ||
      (!READ_VERBS.has(verbStem) && CONFIRM_FIRST.test(tool.description)),
  };
}

/** Words of a snake_case, kebab-case or camelCase name, lower case. */
function nameParts(name: string): string[] {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== "");
}

function slotsOf(parameters: JsonSchema): Slot[] {
  const properties = asRecord(parameters.properties);
  const required = new Set(Array.isArray(parameters.required) ? parameters.required : []);
  return Object.entries(properties).map(([name, raw]) => {
    const schema = asRecord(raw);
    const isRequired = required.has(name) && !("default" in schema);
    return slotOf(name, schema, isRequired);
  });
}

function slotOf(name: string, outer: JsonSchema, isRequired: boolean): Slot {
  const isList = typeOf(outer) === "array";
  const schema = isList ? asRecord(outer.items) : outer;
  const parts = nameParts(name);
  const description = typeof outer.description === "string" ? outer.description : "";
  const pattern = typeof schema.pattern === "string" ? compile(schema.pattern) : null;
  const examples = Array.isArray(schema.examples)
    ? schema.examples.filter((example) => typeof example === "string")
    : [];
  const shapes = [...idTokens(description).map(({ text }) => text), ...examples]
    .filter(hasIdForm)
    .flatMap(shapesOf);
  const choices = Array.isArray(schema.enum) ? schema.enum : [];
  const type = typeOf(schema);
  return {
    name,
    label: parts
      .join(" ")
      .replace(/ (usd|eur|gbp)$/, (_, currency: string) => ` in ${currency.toUpperCase()}`),
    nouns: parts.filter((part) => !ID_WORDS.has(part)).map(stem),
    kind: kindOf(type, schema, parts, description, {
      hasPattern: pattern !== null,
      hasShape: shapes.length > 0,
      hasChoices: choices.length > 0,
    }),
    isRequired,
    isConfirmation:
      type === "boolean" && parts.some((part) => part.startsWith("confirm") || part.startsWith("approv")),
    isList,
    choices,
    pattern,
    shapes,
    isInteger: type === "integer",
  };
}

const ID_WORDS = new Set(["id", "ids", "number", "no", "code", "key", "ref", "reference", "identifier"]);
const AMOUNT_WORDS = new Set([
  "amount",
  "price",
  "usd",
  "eur",
  "gbp",
  "dollars",
  "total",
  "cost",
  "fee",
  "payment",
]);
const QUERY_WORDS = new Set(["query", "search", "question", "keywords", "term", "expression"]);
const REASON_WORDS = new Set([
  "reason",
  "note",
  "notes",
  "comment",
  "message",
  "summary",
  "description",
  "details",
  "explanation",
]);

function kindOf(
  type: string,
  schema: JsonSchema,
  parts: readonly string[],
  description: string,
  has: { readonly hasPattern: boolean; readonly hasShape: boolean; readonly hasChoices: boolean },
): SlotKind {
  const named = (words: ReadonlySet<string>) => parts.some((part) => words.has(part));
  if (has.hasChoices) return "choice";
  if (type === "boolean") return "boolean";
  if (type === "number" || type === "integer") {
    return named(AMOUNT_WORDS) || /\b(?:US dollars|USD|EUR|dollars)\b/i.test(description)
      ? "amount"
      : "number";
  }
  if (type !== "string") return "other";
  if (schema.format === "email" || parts.includes("email")) return "email";
  if (schema.format === "date" || parts.includes("date") || parts.includes("day")) return "date";
  if (has.hasPattern || has.hasShape || named(ID_WORDS)) return "id";
  if (named(QUERY_WORDS)) return "query";
  return named(REASON_WORDS) ? "reason" : "text";
}

function typeOf(schema: JsonSchema): string {
  if (typeof schema.type === "string") return schema.type;
  const options: readonly Json[] = Array.isArray(schema.type) ? schema.type : [];
  return String(options.find((option) => option !== "null") ?? ("enum" in schema ? "string" : "unknown"));
}

function hasIdForm(text: string): boolean {
  return /\d/.test(text) && /[\p{L}#_-]/u.test(text);
}

function compile(pattern: string): RegExp | null {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return null;
  }
}

function asRecord(value: unknown): JsonSchema {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as JsonSchema) : {};
}
