import type { Json } from "../../../core/hash.js";
import { didYouMean, listNames } from "../../../core/nearest.js";

/** Values by the name of their placeholder. */
export type TemplateValues = { readonly [name: string]: Json };

const WHOLE = /^\{\{\s*(\w+)\s*\}\}$/;
const WITHIN = /\{\{\s*(\w+)\s*\}\}/g;

/** Names that can stand in a request. */
const PLACEHOLDERS = [
  "message",
  "messages",
  "session_id",
  "conversation_id",
  "case_id",
  "trial",
  "tenant",
  "user",
] as const;

/** What is wrong with the placeholders of a request; empty when nothing is. */
export function templateProblems(template: Json): readonly string[] {
  const known: readonly string[] = PLACEHOLDERS;
  const unknown = new Set(
    textsOf(template).flatMap((text) => namesIn(text).filter((name) => !known.includes(name))),
  );
  return [...unknown].map(
    (name) =>
      `request: unknown placeholder {{${name}}}${didYouMean(name, known)} (known: ${listNames(known)})`,
  );
}

/** Whether a request says what the user said. */
export function carriesMessage(template: Json): boolean {
  return textsOf(template).some((text) =>
    namesIn(text).some((name) => name === "message" || name === "messages"),
  );
}

/**
 * Fills a JSON value in. A text that is one placeholder becomes its value, of whatever type; within a longer text the
 * value is put in as text. Values are never looked at again, so that nothing in them is a placeholder or can leave its
 * place.
 */
export function fillTemplate(template: Json, values: TemplateValues): Json {
  if (typeof template === "string") return filledText(template, values);
  if (typeof template !== "object" || template === null) return template;
  if (Array.isArray(template)) return template.map((item: Json) => fillTemplate(item, values));
  // A key such as __proto__ must stay a key.
  return Object.fromEntries(
    Object.entries(template).map(([key, item]) => [key, fillTemplate(item as Json, values)]),
  );
}

function filledText(text: string, values: TemplateValues): Json {
  const name = WHOLE.exec(text)?.[1];
  if (name !== undefined) return values[name] ?? null;
  return text.replace(WITHIN, (_, inner: string) => {
    const value = values[inner] ?? null;
    return value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
  });
}

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(WITHIN)].map((match) => match[1] ?? "");
}

function textsOf(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((item) => textsOf(item as Json));
}
