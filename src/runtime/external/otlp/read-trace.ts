import type { ReportedStep } from "../external-agent.js";
import type { SpanPrices } from "./call-cost.js";
import { type NestedCalls, nestedCalls } from "./nested-calls.js";
import { asText, itemsOf, textAt, valueAt } from "./read-attributes.js";
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
} from "./span-steps.js";
import { ancestorsOf, type SpanNode, spanTree } from "./span-tree.js";

/** What the spans of one trace tell of an agent. */
export interface TraceReading {
  /** In the order in which they began. */
  readonly steps: readonly ReportedStep[];
  readonly says: { readonly tools: boolean; readonly retrievals: boolean; readonly modelCalls: boolean };
  /** The answer, where a root, an agent or the last model call records it. */
  readonly text: string | null;
  /** Why a root failed; `null` when none did. */
  readonly error: string | null;
}

/**
 * Reads the spans of one trace. What is recorded twice counts once: a model or tool call that another library has put a
 * span around, and the sums of tokens that spans of agents carry.
 *
 * @param spans - each once, in any order
 * @param triggerSpanId - parent of roots that continue the trace of the trigger; `null` when there was none
 */
export async function readTrace(
  spans: readonly Span[],
  triggerSpanId: string | null,
  prices: SpanPrices,
): Promise<TraceReading> {
  const nodes = spanTree(spans);
  const calls = nestedCalls(nodes);
  const placed: PlacedStep[] = [];
  for (const node of calls.models) {
    placed.push({ startNano: node.span.startNano, step: await modelStep(node, calls, prices) });
  }
  for (const node of calls.tools)
    placed.push({ startNano: node.span.startNano, step: toolStep(node, calls) });
  for (const { role, span } of nodes) {
    if (role !== "retrieval") continue;
    placed.push({ startNano: span.startNano, step: { kind: "retrieval", ...retrievalOf(span) } });
  }
  placed.push(...failures(nodes));
  const unseen = toolsWithoutSpans(calls);
  placed.push(...unseen);
  placed.sort((first, second) =>
    first.startNano < second.startNano ? -1 : Number(first.startNano > second.startNano),
  );
  const roots = nodes.filter(({ span }) => span.parentSpanId === null || span.parentSpanId === triggerSpanId);
  return {
    steps: placed.map(({ step }) => step),
    says: {
      tools:
        calls.tools.length + unseen.length > 0 ||
        (calls.models.length > 0 && calls.models.every(showsItsCalls)),
      retrievals: nodes.some(({ role }) => role === "retrieval"),
      modelCalls: calls.models.length > 0,
    },
    text: answerOf([...roots, ...nodes.filter(({ role }) => role === "agent")]) ?? lastText(placed),
    error: roots.map(({ span }) => errorOf(span)).find((error) => error !== null) ?? null,
  };
}

/** What failed beside model and tool calls, which tell of it themselves; a failure that only passed through is left out. */
function failures(nodes: readonly SpanNode[]): readonly PlacedStep[] {
  const failed = nodes.filter(({ span }) => errorOf(span) !== null);
  const above = new Set(failed.flatMap((node) => [...ancestorsOf(node)]));
  return failed.flatMap((node): readonly PlacedStep[] => {
    const { role, span } = node;
    if (role === "model" || role === "tool" || above.has(node)) return [];
    const message = `the span "${span.name}" ended in error: ${errorOf(span)}`;
    return [{ startNano: span.startNano, step: { kind: "failure", message } }];
  });
}

interface PlacedStep {
  readonly startNano: bigint;
  readonly step: ReportedStep;
}

async function modelStep(node: SpanNode, calls: NestedCalls, prices: SpanPrices): Promise<ReportedStep> {
  const call = modelCallOf(node.span);
  const around = calls.around(node);
  // A library often records the contents, and the client below it the tokens.
  const outer = around === null ? null : modelCallOf(around.span);
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

function toolStep(node: SpanNode, calls: NestedCalls): ReportedStep {
  const tool = toolOf(node.span);
  const inside = calls.inside(node);
  const inner = inside === null ? null : toolOf(inside.span);
  return {
    kind: "tool",
    ...tool,
    arguments: Object.keys(tool.arguments).length === 0 ? (inner?.arguments ?? {}) : tool.arguments,
    result: tool.result ?? inner?.result ?? null,
    isError: tool.isError || (inner?.isError ?? false),
  };
}

/**
 * Tool calls that no span tells of, but that a model asked for and whose results a later call was given. How long they
 * took is not known.
 */
function toolsWithoutSpans({ models, tools }: NestedCalls): readonly PlacedStep[] {
  const ids = new Set(tools.map(({ span }) => toolCallIdOf(span)));
  const unnumbered = tools.filter(({ span }) => toolCallIdOf(span) === null);
  const names = new Set(unnumbered.map(({ span }) => toolNameOf(span)));
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
  if (outputMessages(span).length > 0) return true;
  const reasons = itemsOf(valueAt(span.attributes, "gen_ai.response.finish_reasons"));
  return reasons.length > 0 && !reasons.some((reason) => /tool|function/.test(String(reason)));
}

function answerOf(nodes: readonly SpanNode[]): string | null {
  for (const { span } of nodes) {
    const text =
      textOfMessages(outputMessages(span)) ??
      textAt(span.attributes, "output.value", "traceloop.entity.output");
    if (text !== null) return text;
  }
  return null;
}

function lastText(placed: readonly PlacedStep[]): string | null {
  const last = placed.findLast(({ step }) => step.kind === "model")?.step;
  return last?.kind === "model" ? last.text : null;
}
