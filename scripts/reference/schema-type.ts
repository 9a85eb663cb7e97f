import { formsOf, hasKeys, type JsonSchema } from "./json-schema.js";

/** Bounds that only say that a number fits into the machine. */
const MACHINE_LIMITS = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 31 - 1];

/** Says where the keys of objects are described, of which a value may be any. */
type LinksTo = (objects: readonly JsonSchema[]) => string;

/** The type of a key in words, e.g. `whole number from 1 to 10`. */
export function typeText(schema: JsonSchema, linksTo: LinksTo): string {
  const forms = formsOf(schema);
  const objects = forms.filter(hasKeys);
  if (forms.length > 1) {
    const others = forms.filter((form) => !hasKeys(form)).map((form) => typeText(form, linksTo));
    return [...new Set(others), ...(objects.length === 0 ? [] : [linksTo(objects)])].join(" or ");
  }
  if (schema.allOf !== undefined) return typeText(schema.allOf[0] ?? {}, linksTo);
  if (schema.$ref !== undefined) return "any value";
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(" or ");
  if (schema.type === "array") return listText(schema, linksTo);
  if (schema.type === "object") return objectText(schema, linksTo);
  if (schema.type === "integer") return `whole number${rangeText(schema)}`;
  if (schema.type === "number") return `number${rangeText(schema)}`;
  if (schema.type === "boolean") return "true or false";
  if (schema.type === "string") return stringText(schema);
  return schema.type ?? "any value";
}

function stringText({ format }: JsonSchema): string {
  if (format === "uri") return "URL";
  return format === "date" ? "date, YYYY-MM-DD" : "text";
}

function listText(schema: JsonSchema, linksTo: LinksTo): string {
  const { items, minItems = 0, maxItems } = schema;
  const most = maxItems === undefined ? "" : `, at most ${maxItems}`;
  const least = minItems > 1 ? `, at least ${minItems}` : "";
  return `list of ${items === undefined ? "any value" : typeText(items, linksTo)}${least}${most}`;
}

function objectText(schema: JsonSchema, linksTo: LinksTo): string {
  if (hasKeys(schema)) return linksTo([schema]);
  const values = schema.additionalProperties;
  return typeof values === "object" ? `map of names to ${typeText(values, linksTo)}` : "object";
}

function rangeText(schema: JsonSchema): string {
  const least = machine(schema.minimum);
  const most = machine(schema.maximum);
  const above = schema.exclusiveMinimum;
  const below = schema.exclusiveMaximum;
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  const lower =
    least === undefined ? (above === undefined ? "" : ` above ${above}`) : ` of at least ${least}`;
  const upper = most === undefined ? (below === undefined ? "" : ` below ${below}`) : ` up to ${most}`;
  return lower !== "" && upper !== "" ? `${lower},${upper}` : `${lower}${upper}`;
}

function machine(bound: number | undefined): number | undefined {
  return bound === undefined || MACHINE_LIMITS.includes(bound) ? undefined : bound;
}
