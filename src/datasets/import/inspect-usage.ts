import type { TokenUsage } from "../../core/message.js";
import type { Generation } from "./inspect-messages.js";
import { isRecord } from "./table-kind.js";

type Fields = Readonly<Record<string, unknown>>;

/** What is known of the generations of a sample. */
interface Generations {
  readonly generations: readonly Generation[];
  /** Whether tokens are the sample's total, which holds those of a grader of the same model. */
  readonly isTotal: boolean;
}

/**
 * What is known of each generation of a sample. Model events tell of each where the log has one for every generated
 * message, those of scorers left out; a single generation has the usage of the sample's output; else the sample's
 * total goes to the last generation and the others are 0, so that sums are right.
 *
 * @param count - generated messages
 * @param model - the model of the eval; usage of others, such as graders, is left out
 */
export function generationsOf(sample: Fields, count: number, model: string | null): Generations {
  const calls = agentCalls(Array.isArray(sample.events) ? sample.events.filter(isRecord) : [], model);
  if (calls.length === count && count > 0) return { generations: calls.map(generationOf), isTotal: false };
  const output = isRecord(sample.output) ? sample.output : {};
  if (count === 1 && isRecord(output.usage)) {
    return { generations: [{ ...generationOf({ output }), durationMs: null }], isTotal: false };
  }
  const total = totalOf(sample.model_usage, model);
  const cost = costOf(total);
  const usage = usageOf(total);
  const generations = Array.from({ length: count }, (_, index): Generation => {
    const isLast = index === count - 1;
    return {
      usage: usage === null || isLast ? usage : { inputTokens: 0, outputTokens: 0 },
      costUsd: cost === null || isLast ? cost : 0,
      durationMs: null,
    };
  });
  return { generations, isTotal: usage !== null && count > 0 };
}

/** Model events of the agent: of its model, without a role of their own, and not inside a scorer. */
function agentCalls(events: readonly Fields[], model: string | null): readonly Fields[] {
  const scorerSpans = new Set<unknown>();
  let scorerSteps = 0;
  return events.filter((event) => {
    const { type, action } = event;
    const scores = type === "scorer" || type === "scorers";
    if (event.event === "span_begin" && (scores || scorerSpans.has(event.parent_id)))
      scorerSpans.add(event.id);
    if (event.event === "step" && scores) scorerSteps += action === "begin" ? 1 : -1;
    if (event.event !== "model" || scorerSteps > 0 || scorerSpans.has(event.span_id)) return false;
    const isOwn = model === null || event.model === model;
    return isOwn && (event.role ?? null) === null && (event.error ?? null) === null;
  });
}

function generationOf({ output, cache, working_time: working }: Fields): Generation {
  const { usage, time } = isRecord(output) ? output : {};
  const seconds = [time, working].find((one) => typeof one === "number" && one >= 0);
  return {
    usage: usageOf(usage),
    costUsd: costOf(usage),
    durationMs: typeof seconds === "number" ? seconds * 1000 : null,
    ...(cache === "read" && { cached: true }),
  };
}

function totalOf(usage: unknown, model: string | null): unknown {
  if (!isRecord(usage)) return null;
  if (model !== null && model in usage) return usage[model];
  const models = Object.values(usage);
  return models.length === 1 ? models[0] : null;
}

/** Providers differ in whether `input_tokens` holds what the cache gave; `total_tokens` always does. */
function usageOf(usage: unknown): TokenUsage | null {
  if (!isRecord(usage)) return null;
  const { input_tokens: input, output_tokens: output, total_tokens: total } = usage;
  if (!isCount(input) || !isCount(output)) return null;
  const inputTokens = isCount(total) ? Math.max(input, total - output) : input;
  const cached = usage.input_tokens_cache_read;
  return { inputTokens, outputTokens: output, ...(isCount(cached) && { cachedInputTokens: cached }) };
}

function costOf(usage: unknown): number | null {
  const cost = isRecord(usage) ? usage.total_cost : null;
  return typeof cost === "number" && Number.isFinite(cost) && cost >= 0 ? cost : null;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
