import { z } from "zod";
import type { OfferedTool } from "../../core/golden-case.js";
import type { ToolCall } from "../../core/message.js";
import { anyOfMatches } from "../../metrics/agent/any-of-arguments.js";
import {
  isDict,
  isList,
  jsonOf,
  type PythonObject,
  type PythonValue,
} from "../../metrics/agent/python-values.js";
import { callsInPython, type WrittenCall } from "./bfcl-python-calls.js";
import { parsePythonJson } from "./bfcl-python-json.js";
import type { ImportedStep, ImportedTrial } from "./imported-run.js";

const count = z.number().nonnegative();

/** A line of a file of results; the result itself is read with the types of Python. */
export const bfclResultSchema = z.looseObject({
  id: z.string().min(1),
  result: z.union([z.string(), z.array(z.unknown())]),
  input_token_count: count.nullish(),
  output_token_count: count.nullish(),
  latency: count.nullish(),
});

export type BfclResult = z.output<typeof bfclResultSchema>;

/** What the calls of a result are held against. */
export interface BfclDemand {
  readonly question: string;
  readonly tools: readonly OfferedTool[];
  /** Acceptable calls with the types of Python; empty when none is right. */
  readonly gold: readonly WrittenCall[];
}

/** A call, with its raw text where it can match nothing. */
interface ReadCall extends WrittenCall {
  readonly malformed?: string;
}

/**
 * A result as a trial.
 *
 * @param result - the `result` of the line with the types of Python
 * @param isFunctionCalling - whether the file holds function calls: texts in it are then no calls
 */
export function bfclTrial(
  line: BfclResult,
  result: PythonValue,
  demand: BfclDemand,
  isFunctionCalling: boolean,
): { readonly trial: ImportedTrial; readonly isDecoded: boolean; readonly typeClashes: number } {
  const decoded = decode(result, demand, isFunctionCalling);
  const calls = (decoded ?? []).map((call) => (clashes(call, demand) ? withRawText(call) : call));
  const toolCalls = calls.map(toolCallOf);
  const durationMs = typeof line.latency === "number" ? line.latency * 1000 : null;
  const model: ImportedStep = {
    kind: "model",
    speaker: "agent",
    text: typeof result === "string" ? result : null,
    toolCalls,
    usage: usageOf(line),
    costUsd: null,
    durationMs,
    model: null,
  };
  return {
    trial: {
      caseId: line.id,
      trial: 0,
      error: null,
      stopReason: "answered",
      startedAt: null,
      durationMs,
      steps: [{ kind: "user", text: demand.question }, model, ...toolCalls.map(toolStep)],
      reward: null,
      scores: {},
    },
    isDecoded: decoded !== null,
    typeClashes: calls.filter((call) => call.malformed !== undefined).length,
  };
}

function usageOf(line: BfclResult): Extract<ImportedStep, { kind: "model" }>["usage"] {
  const { input_token_count: inputTokens, output_token_count: outputTokens } = line;
  return typeof inputTokens === "number" && typeof outputTokens === "number"
    ? { inputTokens, outputTokens }
    : null;
}

function toolCallOf({ name, args, malformed }: ReadCall, index: number): ToolCall {
  return {
    id: `call-${index}`,
    name,
    arguments: jsonOf(args) as ToolCall["arguments"],
    ...(malformed === undefined ? {} : { malformedArguments: malformed }),
  };
}

/** What the functions answered is not in the file: they were never run. */
function toolStep(call: ToolCall): ImportedStep {
  const { id: callId, name, arguments: args } = call;
  return { kind: "tool", callId, name, arguments: args, result: null, isError: false, durationMs: null };
}

/** @returns `null` when the result is no calls; what is of another shape is then no call either */
function decode(
  result: PythonValue,
  { tools }: BfclDemand,
  isFunctionCalling: boolean,
): readonly ReadCall[] | null {
  if (typeof result === "string") return isFunctionCalling ? null : callsInPython(result);
  if (!isList(result)) return null;
  const calls = result.map((entry) => functionCall(entry, tools));
  return calls.every((call) => call !== null) ? calls : null;
}

/** `{"name": "{json}"}`, or with the arguments as an object; of several names the first, as in BFCL. */
function functionCall(entry: PythonValue, tools: readonly OfferedTool[]): WrittenCall | null {
  const [first] = isDict(entry) ? Object.entries(entry) : [];
  if (first === undefined) return null;
  const args = typeof first[1] === "string" ? parsed(first[1]) : first[1];
  return isDict(args) ? { name: offeredName(first[0], tools), args } : null;
}

function parsed(text: string): PythonValue {
  try {
    return parsePythonJson(text);
  } catch {
    return null;
  }
}

/** Providers refuse dots in names, so their models are told `math_hypot` for `math.hypot`. */
function offeredName(name: string, tools: readonly OfferedTool[]): string {
  if (tools.some((tool) => tool.name === name)) return name;
  const meant = tools.filter((tool) => tool.name.replaceAll(".", "_") === name);
  return meant.length === 1 ? (meant[0]?.name ?? name) : name;
}

/**
 * Whether a call is right by its JSON but not by its Python: 1 for 1.0 within a list, or a tuple for a list. Traces hold
 * JSON, so such a call is kept as one whose arguments match nothing.
 */
function clashes(call: ReadCall, { gold, tools }: BfclDemand): boolean {
  const schema = tools.find((tool) => tool.name === call.name)?.parameters ?? null;
  const matches = (accepted: WrittenCall, isExact: boolean) => {
    const options = { schema, tolerance: 0, isExact };
    return isExact
      ? anyOfMatches(accepted.args, call.args, options)
      : anyOfMatches(jsonOf(accepted.args) as PythonObject, jsonOf(call.args) as PythonObject, options);
  };
  const sameName = gold.filter(({ name }) => name === call.name);
  return sameName.some((one) => matches(one, false)) && !sameName.some((one) => matches(one, true));
}

function withRawText(call: WrittenCall): ReadCall {
  return { ...call, malformed: pythonText(call.args) };
}

/** A value as Python writes it, for the trace. */
function pythonText(value: PythonValue): string {
  if (isList(value)) return `[${value.map(pythonText).join(", ")}]`;
  if (isDict(value)) {
    const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${pythonText(item)}`);
    return `{${entries.join(", ")}}`;
  }
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string" || typeof value === "number") return JSON.stringify(value);
  return "items" in value ? `(${value.items.map(pythonText).join(", ")},)` : `${value.value}.0`;
}
