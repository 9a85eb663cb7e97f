import { canonicalJson, type Json, sha256 } from "../../core/hash.js";
import { listNames } from "../../core/nearest.js";
import { type CaseDraft, plainName } from "../write-dataset.js";
import { promptInput } from "./openai-evals-prompt.js";
import { mapAssertions, textOf } from "./promptfoo-assertions.js";
import { isRecord } from "./table-kind.js";

type Fields = Readonly<Record<string, unknown>>;

/** One test of promptfoo, its defaults merged in and lists of variables expanded. */
export interface PromptfooTest {
  readonly line: number | undefined;
  readonly place: string;
  readonly vars: Fields;
  readonly assert: readonly unknown[];
  readonly description: string | null;
  readonly metadata: Fields;
  readonly threshold: unknown;
}

/** How the variables of a test become what the user says. */
export interface InputChoice {
  /** Name of the one variable that does. */
  readonly inputVar: string | undefined;
  /** The only prompt, when there is one: variables are filled into it. */
  readonly template: string | null;
}

/** Whether two tests are one and the same, so that the later is a repetition. */
export function testKey({ vars, assert, description }: PromptfooTest): string {
  return canonicalJson([vars, assert, description] as unknown as Json);
}

/**
 * An id for each test: its description where no other test has it, else made from its variables, so that it stays
 * when tests move.
 */
export function testIds(tests: readonly PromptfooTest[]): ReadonlyMap<string, string> {
  const distinct = new Map(tests.map((test) => [testKey(test), test]));
  const names = tally([...distinct.values()].map(nameOf));
  const vars = tally([...distinct.values()].map(varsOf));
  return new Map(
    [...distinct].map(([key, test]) => {
      const name = nameOf(test);
      if (name !== null && names.get(name) === 1) return [key, name];
      const source = vars.get(varsOf(test)) === 1 ? varsOf(test) : key;
      return [key, `test-${sha256(source).slice(0, 12)}`];
    }),
  );
}

function nameOf({ description }: PromptfooTest): string | null {
  return description === null ? null : plainName(description);
}

function varsOf({ vars }: PromptfooTest): string {
  return canonicalJson(vars as Json);
}

function tally<T>(items: readonly T[]): ReadonlyMap<T, number> {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** What the user says in a test, or what is missing to know it. */
export function inputOfTest(
  { vars }: PromptfooTest,
  { inputVar, template }: InputChoice,
): { readonly input: unknown } | { readonly missing: string } {
  const names = Object.keys(vars);
  if (inputVar !== undefined) {
    if (!(inputVar in vars))
      return {
        missing: `expected the variable \`${inputVar}\`, found ${listNames(names) || "no variables"}`,
      };
    return asInput(vars[inputVar], `the variable \`${inputVar}\``);
  }
  if (names.length === 1) return asInput(vars[names[0] ?? ""], `the variable \`${names[0]}\``);
  const filled = template === null ? null : render(template, vars);
  if (filled !== null) return asInput(filled, "the prompt");
  if (names.length === 0) return { missing: "expected variables, found none; a case needs an input" };
  return { input: names.map((name) => `${name}: ${textOf(vars[name])}`).join("\n") };
}

function asInput(value: unknown, what: string): { readonly input: unknown } | { readonly missing: string } {
  const chat = chatOf(value);
  const { input } = chat === null ? { input: textOf(value) || null } : promptInput(chat);
  return input === null ? { missing: `expected ${what} to hold a text, found none` } : { input };
}

function chatOf(value: unknown): readonly unknown[] | null {
  const isChat = (list: unknown): list is readonly unknown[] =>
    Array.isArray(list) && list.length > 0 && list.every((item) => isRecord(item) && "role" in item);
  if (isChat(value)) return value;
  if (typeof value !== "string" || !value.trim().startsWith("[")) return null;
  try {
    const parsed: unknown = JSON.parse(value);
    return isChat(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** A template with plain variables filled in; `null` when it has filters, tags or other names. */
function render(template: string, vars: Fields): string | null {
  const filled = template.replace(/\{\{-?\s*([A-Za-z_][\w.]*)\s*-?\}\}/g, (whole, path: string) => {
    const value = path
      .split(".")
      .reduce<unknown>((found, key) => (isRecord(found) ? found[key] : undefined), vars);
    return value === undefined ? whole : textOf(value);
  });
  return /\{\{|\{%/.test(filled) ? null : filled;
}

/** A case of a test, with the types that could not be mapped as tags, for a golden set. */
export function draftOfTest(
  test: PromptfooTest,
  id: string,
  choice: InputChoice,
): {
  readonly draft: CaseDraft;
  readonly unmapped: readonly string[];
  readonly near: readonly string[];
  readonly missing: string | null;
} {
  const { expect, unmapped, near } = mapAssertions(test.assert, (text) => render(text, test.vars));
  const found = inputOfTest(test, choice);
  const tags = [
    ...Object.entries(test.metadata).flatMap(([key, value]) =>
      typeof value === "string" || typeof value === "number" ? [plainName(`${key}:${value}`)] : [],
    ),
    ...unmapped.map((type) => plainName(`assert:${type}`)),
  ].filter((tag) => tag !== null);
  const value = {
    id,
    input: "input" in found ? found.input : id,
    ...(Object.keys(expect).length > 0 && { expect }),
    ...(tags.length > 0 && { tags: [...new Set(tags)] }),
  };
  return {
    draft: { line: test.line, place: test.place, value },
    unmapped,
    near,
    missing: "missing" in found ? found.missing : null,
  };
}
