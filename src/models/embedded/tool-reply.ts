import type { Json } from "../../core/hash.js";
import { synonyms } from "./synonyms.js";
import { contentStems } from "./words.js";

/** One tool result with the tool's name as words. */
export interface ToolResult {
  readonly label: string;
  readonly content: string;
}

const MESSAGE_KEYS = ["message", "summary", "text", "detail", "description"];
const MAX_FACTS = 6;
const MAX_TEXT = 400;
/** Longer facts are left out beside a message, which says the main thing. */
const MAX_ADDED_FACT = 160;

interface Fact {
  readonly key: string;
  readonly value: string;
}

/**
 * Says in sentences what tools answered: the tool's own message when it has one, then the facts that the
 * user's words ask for; an error as what it is. Says nothing that is not in the results.
 */
export function describeResults(results: readonly ToolResult[], question: string): string {
  return results.map((result) => describeResult(result, question)).join(" ");
}

function describeResult({ label, content }: ToolResult, question: string): string {
  const value = parse(content);
  if (value === undefined || value === null || typeof value !== "object") {
    const text = sentence(clip(String(value ?? content)));
    if (/^\s*error\b/i.test(content)) return `I can't do that: ${text.replace(/^error:?\s*/i, "")}`;
    return text === "" ? `The result of ${label} is empty.` : `Result of ${label}: ${text}`;
  }
  if (Array.isArray(value)) return listSentence(label, value);
  const record = value as { readonly [key: string]: Json };
  const message = MESSAGE_KEYS.map((key) => record[key]).find(
    (text) => typeof text === "string" && text.trim() !== "",
  );
  if (isError(record)) {
    const cause = typeof message === "string" ? message : render(record.error ?? "no reason given");
    return `I can't do that: ${sentence(clip(cause))}`;
  }
  if (typeof message === "string") {
    const asked = askedFacts(record, question, message);
    return asked.length === 0 ? sentence(clip(message)) : `${sentence(clip(message))} ${factSentence(asked)}`;
  }
  const facts = [...askedFacts(record, question, ""), ...scalarFacts(record)];
  const unique = facts.filter((fact, index) => facts.findIndex(({ key }) => key === fact.key) === index);
  return unique.length === 0 ? `The result of ${label} is empty.` : factSentence(unique.slice(0, MAX_FACTS));
}

function parse(content: string): Json | undefined {
  try {
    return JSON.parse(content) as Json;
  } catch {
    return undefined;
  }
}

function isError(record: { readonly [key: string]: Json }): boolean {
  const error = record.error ?? record.errors;
  const isStated =
    error !== undefined && error !== null && error !== false && error !== "" && !isEmptyList(error);
  return isStated || record.ok === false || record.success === false || record.is_error === true;
}

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Facts whose key the question names and that the message does not state already. */
function askedFacts(record: { readonly [key: string]: Json }, question: string, message: string): Fact[] {
  const stems = new Set(contentStems(question));
  const longest = message === "" ? MAX_TEXT : MAX_ADDED_FACT;
  return Object.entries(record).flatMap(([key, value]) => {
    if (MESSAGE_KEYS.includes(key) || value === null) return [];
    const named = contentStems(key.replaceAll("_", " ")).some(
      (part) => stems.has(part) || synonyms(part).some((other) => stems.has(other)),
    );
    const text = clip(render(value));
    return named &&
      text !== "" &&
      text.length <= longest &&
      !message.includes(text) &&
      !question.includes(text)
      ? [{ key, value: text }]
      : [];
  });
}

function scalarFacts(record: { readonly [key: string]: Json }): Fact[] {
  return Object.entries(record).flatMap(([key, value]) =>
    value === null || typeof value === "object" || value === "" ? [] : [{ key, value: clip(String(value)) }],
  );
}

function factSentence(facts: readonly Fact[]): string {
  const text = facts.map(({ key, value }) => `${key.replaceAll("_", " ")}: ${value}`).join("; ");
  return sentence(text.charAt(0).toUpperCase() + text.slice(1));
}

function listSentence(label: string, values: readonly Json[]): string {
  if (values.length === 0) return `The result of ${label} is empty: nothing was found.`;
  return sentence(`Found ${values.length}: ${clip(values.map(render).join("; "))}`);
}

/** A value in words: objects as their scalars, lists with commas. */
function render(value: Json): string {
  if (value === null) return "none";
  if (Array.isArray(value)) return value.map(render).join(", ");
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .filter(([, inner]) => inner !== null)
    .map(([key, inner]) => `${key.replaceAll("_", " ")} ${render(inner)}`)
    .join(" ");
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= MAX_TEXT ? line : `${line.slice(0, MAX_TEXT)}…`;
}

function sentence(text: string): string {
  return text === "" || /[.!?…]["')\]]?$/.test(text) ? text : `${text}.`;
}
