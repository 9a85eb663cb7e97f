import { z } from "zod";
import type { EndpointClient } from "../http/endpoint-client.js";
import { failureOf } from "../http/error-of-reply.js";

/** What a query came to. Four things, and only the first is a figure. */
export type PromqlOutcome =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "no-series" }
  /** 0/0, or a bound that nothing was seen below. */
  | { readonly kind: "not-a-number"; readonly text: string }
  | { readonly kind: "error"; readonly reason: string };

const sampleSchema = z.tuple([z.number(), z.string().min(1)]);
const answerSchema = z.union([
  z.object({
    status: z.literal("success"),
    data: z.discriminatedUnion("resultType", [
      z.object({ resultType: z.literal("vector"), result: z.array(z.object({ value: sampleSchema })) }),
      z.object({ resultType: z.literal("scalar"), result: sampleSchema }),
      z.object({ resultType: z.literal("matrix") }),
      z.object({ resultType: z.literal("string") }),
    ]),
  }),
  z.object({ status: z.literal("error"), errorType: z.string(), error: z.string() }),
]);

/**
 * Asks Prometheus for one figure.
 *
 * @param at - seconds since the Unix epoch; now unless given
 * @returns `error` too when more than one series comes back: a query for a decision must say how they are put together
 */
export async function queryPrometheus(
  client: EndpointClient,
  expression: string,
  { at, signal }: { readonly at?: number; readonly signal?: AbortSignal } = {},
): Promise<PromqlOutcome> {
  const query = new URLSearchParams({ query: expression, ...(at === undefined ? {} : { time: String(at) }) });
  const reply = await client.ask(`/api/v1/query?${query}`, signal === undefined ? {} : { signal });
  const answer = answerSchema.safeParse(reply.json);
  if (!answer.success) return { kind: "error", reason: failureOf(reply) };
  if (answer.data.status === "error") {
    return { kind: "error", reason: `${answer.data.errorType}: ${answer.data.error}` };
  }
  const { data } = answer.data;
  if (data.resultType === "matrix" || data.resultType === "string") {
    return { kind: "error", reason: `the query gives a ${data.resultType}, not one number` };
  }
  if (data.resultType === "scalar") return numberOf(data.result[1]);
  const [first, ...more] = data.result;
  if (first === undefined) return { kind: "no-series" };
  if (more.length > 0)
    return { kind: "error", reason: `the query gives ${data.result.length} series, not one` };
  return numberOf(first.value[1]);
}

function numberOf(text: string): PromqlOutcome {
  const value = Number(text);
  return Number.isFinite(value) ? { kind: "value", value } : { kind: "not-a-number", text };
}

/** What a figure must rest on. */
export interface PromqlGuard {
  /** Label matcher of the servers, such as `job="vllm-canary"`. */
  readonly matcher: string;
  /** Expression of how many observations are behind the figure, and how many are wanted; `null`: a gauge, which needs none. */
  readonly count: { readonly expression: string; readonly atLeast: number } | null;
}

/**
 * A query that gives nothing unless every server of the matcher is up now and enough was observed. Rates go on for a
 * while after a server has died; `up` does not.
 */
export function guarded(expression: string, { matcher, count }: PromqlGuard): string {
  const isUp = `on() (min(up{${matcher}}) == 1)`;
  const enough = count === null ? "" : ` and on() (sum(${count.expression}) >= ${count.atLeast})`;
  return `(${expression}) and ${isUp}${enough}`;
}
