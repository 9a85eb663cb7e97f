import { setMaxListeners } from "node:events";
import type { Clock } from "../../../core/clock.js";
import type { StreamedChat } from "../http/stream-chat.js";
import { SlotQueue } from "./slot-queue.js";

/** One request of a load; moments in milliseconds from its start. */
export interface LoadRequest {
  /** When it was due. */
  readonly dueAt: number;
  /** When the generator came to it. */
  readonly releasedAt: number;
  /** When it was sent: later than released only when all connections were taken. */
  readonly sentAt: number;
  readonly pieceTimes: readonly number[];
  readonly endedAt: number;
  readonly outputTokens: number | null;
  /** Why it brought no whole answer; `null`: it did. */
  readonly failure: string | null;
  /** Cut by an interruption. */
  readonly isUnfinished: boolean;
  /** Requests under way when it was released, itself among them. */
  readonly underWay: number;
}

export interface LoadRun {
  readonly requests: readonly LoadRequest[];
  /** How long requests were due: the planned time, or until the interruption. */
  readonly windowMs: number;
  readonly wasInterrupted: boolean;
}

/** What a load works with. */
export interface LoadWorld {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Waits so many milliseconds, or until the signal. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Open loop: sends each request when it is due, whether or not earlier ones have been answered. With a limit of
 * connections a request may have to wait for one; that wait is part of what its user sees, and of no service time.
 *
 * @param arrivals - ascending, milliseconds from the start
 * @param send - asks, and never throws for what the endpoint does
 */
export async function runLoad(
  arrivals: readonly number[],
  plan: { readonly durationMs: number; readonly connections: number | null },
  send: (index: number, signal: AbortSignal) => Promise<StreamedChat>,
  { clock, signal, sleep }: LoadWorld,
): Promise<LoadRun> {
  // Every request under way listens; Node takes more than ten listeners for a leak.
  setMaxListeners(0, signal);
  const start = clock.monotonic();
  const since = (moment: number) => moment - start;
  const slots = new SlotQueue(plan.connections ?? Number.POSITIVE_INFINITY);
  const requests: Promise<LoadRequest>[] = [];
  let underWay = 0;
  let windowMs = plan.durationMs;

  async function one(index: number, dueAt: number): Promise<LoadRequest> {
    const releasedAt = since(clock.monotonic());
    underWay += 1;
    const atRelease = underWay;
    await slots.enter();
    const sentAt = since(clock.monotonic());
    try {
      const chat = signal.aborted ? null : await send(index, signal);
      return {
        dueAt,
        releasedAt,
        sentAt,
        pieceTimes: chat?.pieceTimes.map(since) ?? [],
        endedAt: since(clock.monotonic()),
        outputTokens: chat?.outputTokens ?? null,
        failure: chat === null ? "stopped" : failureOfChat(chat),
        isUnfinished: signal.aborted && (chat === null || failureOfChat(chat) !== null),
        underWay: atRelease,
      };
    } finally {
      underWay -= 1;
      slots.leave();
    }
  }

  for (const [index, dueAt] of arrivals.entries()) {
    while (!signal.aborted && since(clock.monotonic()) < dueAt) {
      await sleep(dueAt - since(clock.monotonic()), signal);
    }
    if (signal.aborted) break;
    requests.push(one(index, dueAt));
  }
  if (signal.aborted) windowMs = Math.min(windowMs, since(clock.monotonic()));
  return { requests: await Promise.all(requests), windowMs, wasInterrupted: signal.aborted };
}

/** Why a chat is no whole answer; texts of the server are left out, so that equal failures count together. */
function failureOfChat({ reply, pieceTimes, error, isDone }: StreamedChat): string | null {
  if (reply.status === 0) return reply.problem ?? "no answer";
  if (reply.status !== 200) return `HTTP ${reply.status}`;
  if (reply.problem !== null) return reply.problem;
  if (!reply.contentType.startsWith("text/event-stream")) return "no stream";
  if (error !== null) return "an error in the stream";
  if (pieceTimes.length === 0) return "a stream without text";
  return isDone && !reply.wasCut ? null : "a stream without its end";
}
