import type { CheckedEndpoint } from "../../../report/schemas/endpoint-check.js";
import { quantile } from "../../../stats/quantile.js";
import { streamChat } from "../http/stream-chat.js";
import { type ProbeContext, type ProbeFinding, pass, question, unknown } from "./probe.js";
import { ASK } from "./probe-chat.js";

/** Time to first token of some requests, one after the other: the endpoint at rest, not under load. */
export async function probeTtft(
  context: ProbeContext,
  requests: number,
): Promise<{ readonly finding: ProbeFinding; readonly ttft: CheckedEndpoint["ttft"] }> {
  const times: number[] = [];
  for (let number = 0; number < requests; number += 1) {
    const chat = await streamChat(context.client, question(context, ASK, 8), context);
    const [first] = chat.pieceTimes;
    if (chat.reply.status === 200 && first !== undefined) times.push(first - chat.sentAt);
  }
  if (times.length === 0) return { finding: unknown("no request brought a first token"), ttft: null };
  const ttft = {
    medianMs: quantile(times, 0.5) ?? 0,
    fastestMs: Math.min(...times),
    slowestMs: Math.max(...times),
    n: times.length,
  };
  const told = `median ${ttft.medianMs.toFixed(1)} ms, ${ttft.fastestMs.toFixed(1)} to ${ttft.slowestMs.toFixed(1)} ms`;
  const evidence = `${told}, ${times.length} of ${requests} requests one after the other`;
  return { finding: times.length === requests ? pass(evidence) : unknown(evidence), ttft };
}
