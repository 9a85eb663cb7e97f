import type { ReportedModelCall, ReportedStep, ReportedTool } from "../external-agent.js";
import type { SpanPrices } from "./call-cost.js";
import { asText, textAt } from "./read-attributes.js";
import type { Span } from "./span.js";
import { inputMessages, outputMessages, textOfMessages } from "./span-messages.js";
import {
  argumentsOf,
  errorOf,
  modelCallOf,
  retrievalOf,
  toolCallIdOf,
  toolNameOf,
  toolOf,
  usageOf,
} from "./span-steps.js";
import { type SpanNode, spanTree } from "./span-tree.js";

/** What the spans of one trace tell of an agent. */
export interface TraceReading {
  /** In the order in which they began. */
  readonly steps: readonly ReportedStep[];
  readonly says: { readonly tools: boolean; readonly retrievals: boolean; readonly modelCalls: boolean };
  /** The answer, where a root or its last model call records it. */
  readonly text: string | null;
  /** Why the root failed; `null` when it did not. */
  readonly error: string | null;
}

/**
 * Reads the spans of one trace. What is recorded twice counts once: a model or tool call that another library has put a
 * span around, and the sums of tokens that spans of agents carry.
 *
 * @param spans - each once, in any order
 */
export async function readTrace(spans: readonly Span[], prices: SpanPrices): Promise<TraceReading> {
  const nodes = spanTree(spans);
  const models = nodes.filter((node) => isModelCall(node, nodes));
  const tools = nodes.filter(({ role, ...node }) => role === "tool" && outerTool({ role, ...node }) === null);
  const placed: PlacedStep[] = [];
  for (const node of models) {
    placed.push({ startNano: node.span.startNano, step: await modelStep(node, nodes, prices) });
  }
  for (const node of tools) placed.push({ startNano: node.span.startNano, step: toolStep(node, nodes) });
  for (const { role, span } of nodes) {
    if (role !== "retrieval") continue;
    placed.push({ startNano: span.startNano, step: { kind: "retrieval", ...retrievalOf(span) } });
  }
  placed.push(...toolsWithoutSpans(models, tools));
  placed.sort((first, second) =>
    first.startNano < second.startNano ? -1 : first.startNano > second.startNano ? 1 : 0,
  );
  const root = nodes.find(({ ancestors }) => ancestors.length === 0)?.span;
  return {
    steps: placed.map(({ step }) => step),
    says: {
      tools: tools.length > 0 || (models.length > 0 && models.every(showsItsCalls)),
      retrievals: nodes.some(({ role }) => role === "retrieval"),
      modelCalls: models.length > 0,
    },
    text: (root === undefined ? null : answerOf(root)) ?? lastText(models),
    error: root === undefined ? null : errorOf(root),
  };
}

interface PlacedStep {
  readonly startNano: bigint;
  readonly step: ReportedStep;
}

/** Of nested spans of model calls the innermost counts; a span of an agent counts when it alone names tokens. */
function isModelCall({ span, role }: SpanNode, nodes: readonly SpanNode[]): boolean {
  if (role !== "model" && !(role === "agent" && usageOf(span.attributes) !== null)) return false;
  return !nodes.some(
    (node) =>
      node.ancestors.some((ancestor) => ancestor.span === span) &&
      (node.role === "model" || (node.role === "agent" && usageOf(node.span.attributes) !== null)) &&
      (role === "agent" || within(node, span)),
  );
}

/** Whether nothing but other spans lies between: a model that an agent within a model call asks is another call. */
function within(node: SpanNode, outer: Span): boolean {
  const between = node.ancestors.slice(
    0,
    node.ancestors.findIndex(({ span }) => span === outer),
  );
  return between.every(({ role }) => role === "other" || role === "model");
}

async function modelStep(
  node: SpanNode,
  nodes: readonly SpanNode[],
  prices: SpanPrices,
): Promise<ReportedStep> {
  const call = modelCallOf(node.span);
  const around = node.ancestors.find(({ span, role }) => role === "model" && within(node, span));
  const isAlone = nodes.filter(({ ancestors }) => ancestors.some((one) => one === around)).length === 1;
  // A library often records the contents, and the client below it the tokens.
  const outer: Omit<ReportedModelCall, "costUsd"> | null =
    around === undefined || !isAlone ? null : modelCallOf(around.span);
  const usage = call.usage ?? outer?.usage ?? null;
  const model = call.model === "unknown" ? (outer?.model ?? "unknown") : call.model;
  return {
    kind: "model",
    ...call,
    text: call.text ?? outer?.text ?? null,
    usage,
    model,
    costUsd: await prices.costOf(node.span.attributes, usage, model === "unknown" ? null : model),
  };
}

/** The span of the same tool call around this one, as that of a framework around that of a protocol; else `null`. */
function outerTool({ span, ancestors }: SpanNode): SpanNode | null {
  for (const ancestor of ancestors) {
    if (ancestor.role === "other") continue;
    const isSame = ancestor.role === "tool" && toolNameOf(ancestor.span) === toolNameOf(span);
    return isSame ? ancestor : null;
  }
  return null;
}

function toolStep(node: SpanNode, nodes: readonly SpanNode[]): ReportedStep {
  const tool = toolOf(node.span);
  const inner = nodes.find((other) => other.role === "tool" && outerTool(other) === node);
  const within: ReportedTool | null = inner === undefined ? null : toolOf(inner.span);
  return {
    kind: "tool",
    ...tool,
    arguments: Object.keys(tool.arguments).length === 0 ? (within?.arguments ?? {}) : tool.arguments,
    result: tool.result ?? within?.result ?? null,
    isError: tool.isError || (within?.isError ?? false),
  };
}

/**
 * Tool calls that no span tells of, but that a model asked for and whose results a later call was given. How long they
 * took is not known.
 */
function toolsWithoutSpans(models: readonly SpanNode[], tools: readonly SpanNode[]): readonly PlacedStep[] {
  const ids = new Set(tools.map(({ span }) => toolCallIdOf(span)));
  const names = new Set(
    tools.filter(({ span }) => toolCallIdOf(span) === null).map(({ span }) => toolNameOf(span)),
  );
  const results = new Map(
    models.flatMap(({ span }) =>
      inputMessages(span).flatMap(({ toolResults }) =>
        toolResults.map(({ id, result }) => [id, result] as const),
      ),
    ),
  );
  return models.flatMap(({ span }) =>
    outputMessages(span).flatMap(({ toolCalls }) =>
      toolCalls.flatMap(({ id, name, arguments: given }): readonly PlacedStep[] => {
        const result = id === null ? undefined : results.get(id);
        if (result === undefined || ids.has(id) || names.has(name)) return [];
        const tool = { name, arguments: argumentsOf(given), result: asText(result), isError: false };
        return [{ startNano: span.endNano, step: { kind: "tool", ...tool, durationMs: null } }];
      }),
    ),
  );
}

/** Whether a call for a tool would be seen in the span of this model call. */
function showsItsCalls({ span }: SpanNode): boolean {
  return outputMessages(span).length > 0 || span.attributes.has("gen_ai.response.finish_reasons");
}

function answerOf(root: Span): string | null {
  const { attributes } = root;
  return (
    textOfMessages(outputMessages(root)) ?? textAt(attributes, "output.value", "traceloop.entity.output")
  );
}

function lastText(models: readonly SpanNode[]): string | null {
  const last = models.at(-1);
  return last === undefined ? null : textOfMessages(outputMessages(last.span));
}
