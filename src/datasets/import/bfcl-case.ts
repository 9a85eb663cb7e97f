import { z } from "zod";
import { type CaseInput, NOTHING_EXPECTED, type OfferedTool } from "../../core/golden-case.js";
import type { JsonSchema } from "../../core/message.js";
import {
  isDict,
  isList,
  jsonOf,
  type PythonObject,
  type PythonValue,
} from "../../metrics/agent/python-values.js";
import type { CaseContent } from "../case-hash.js";
import type { WrittenCall } from "./bfcl-python-calls.js";

const name = z.string().min(1);

/** A line of a file of cases. */
export const bfclCaseSchema = z.looseObject({
  id: name,
  question: z.array(z.array(z.looseObject({ role: z.string(), content: z.string() }))),
  function: z.array(z.looseObject({ name, parameters: z.record(z.string(), z.json()) })),
});

export type BfclCase = z.output<typeof bfclCaseSchema>;

/** A line of a file of gold answers; the answers are read with the types of Python. */
export const bfclGoldSchema = z.looseObject({
  id: name,
  ground_truth: z.array(z.record(z.string(), z.unknown())),
});

/** Categories whose answers are checked by other means than comparing calls with gold answers. */
const OTHER_CHECKS = /multi_turn|java|memory|web_search|format_sensitivity|(?<!ir)relevance/;

/**
 * A case with what its category demands: one call (`simple`, `multiple`), several in any order (`parallel`), or none
 * (`irrelevance`).
 *
 * @param gold - acceptable calls, or `null` when the gold file has none for this case
 * @returns the case, or why it cannot be checked
 */
export function bfclCase(source: BfclCase, gold: readonly WrittenCall[] | null): CaseContent | string {
  const { id } = source;
  if (OTHER_CHECKS.test(id)) {
    return `"${id}" is of a category that calls alone do not settle; expected simple_python, multiple, parallel, parallel_multiple, irrelevance or their live_ forms`;
  }
  if (source.question.length !== 1) return `"${id}" has ${source.question.length} turns; expected 1`;
  const isIrrelevance = id.includes("irrelevance");
  if (gold === null && !isIrrelevance) return `"${id}" has no gold answer; name its file with --gold`;
  const calls = isIrrelevance ? [] : (gold ?? []);
  const isAnyOrder = id.includes("parallel") || calls.length > 1;
  return {
    id,
    input: inputOf(source.question[0] ?? []),
    expect: {
      ...NOTHING_EXPECTED,
      toolCalls: calls.map(({ name, args }) => ({
        name,
        args: jsonOf(args) as { readonly [key: string]: ReturnType<typeof jsonOf> },
        argsMode: "any_of",
      })),
      toolCallsMode: isAnyOrder ? "unordered" : "exact",
      tools: toolsOf(source),
    },
    environment: null,
    risk: null,
    tags: ["imported", categoryOf(id)],
    group: id,
    split: "dev",
    review: null,
  };
}

/** The calls of a gold line, one function each. */
export function goldCalls(truth: PythonValue): readonly WrittenCall[] | null {
  if (!isList(truth)) return null;
  const calls = truth.map((entry): WrittenCall | null => {
    const [first, ...rest] = isDict(entry) ? Object.entries(entry) : [];
    return first !== undefined && rest.length === 0 && isDict(first[1])
      ? { name: first[0], args: first[1] as PythonObject }
      : null;
  });
  return calls.every((call) => call !== null) ? calls : null;
}

export function toolsOf(source: BfclCase): readonly OfferedTool[] {
  return source.function.map((tool) => ({ name: tool.name, parameters: tool.parameters as JsonSchema }));
}

/** `simple_python_12` is of `simple_python`, `live_simple_0-0-0` of `live_simple`. */
function categoryOf(id: string): string {
  return id.replace(/_\d[\d-]*$/, "");
}

/** What a system message says stands before what the user says: a case has no system message of its own. */
function inputOf(messages: BfclCase["question"][number]): CaseInput {
  const system = messages.filter(({ role }) => role === "system").map(({ content }) => content);
  const spoken = messages.flatMap(({ role, content }) =>
    role === "user" || role === "assistant" ? [{ role, content } as const] : [],
  );
  const [first, ...rest] = spoken;
  if (first === undefined) return { kind: "text", text: system.join("\n\n") };
  const opening = { role: first.role, content: [...system, first.content].join("\n\n") };
  return rest.length === 0 && first.role === "user"
    ? { kind: "text", text: opening.content }
    : { kind: "messages", messages: [opening, ...rest] };
}
