import type { ModelReply } from "../../core/message.js";
import type { CompleteOptions, Model } from "../model.js";
import type { Timing } from "./timing.js";

export interface HedgingOptions {
  /** Milliseconds without a first sign of an answer after which the same is asked a second time, above 0. */
  readonly afterMs: number;
  readonly timing: Timing;
}

interface Attempt {
  readonly controller: AbortController;
  readonly done: Promise<Settled>;
}

type Settled = { readonly reply: ModelReply } | { readonly error: unknown };

/**
 * Asks a second time when the first call stays silent, and takes whichever answers first: the first to stream a
 * piece or to come whole. The other is aborted. Safe for any request, as a model call has no effect outside; what
 * the loser cost counts when it still answered, and is unknown when it was aborted.
 *
 * @throws what the first call throws, when both fail or it fails before the second is made
 */
export function hedgingModel(model: Model, { afterMs, timing }: HedgingOptions): Model {
  return {
    provider: model.provider,
    name: model.name,
    async complete(request, options) {
      const controllers: AbortController[] = [];
      let speaker: AbortController | null = null;
      let cancelHedge = () => {};

      const speaks = (controller: AbortController): boolean => {
        if (speaker === null) {
          speaker = controller;
          cancelHedge();
          for (const other of controllers) if (other !== controller) other.abort();
        }
        return speaker === controller;
      };

      const start = (): Attempt => {
        const controller = new AbortController();
        controllers.push(controller);
        const own: CompleteOptions = {
          ...options,
          signal: AbortSignal.any([options.signal, controller.signal]),
          onFirstToken: () => {
            if (speaks(controller)) options.onFirstToken?.();
          },
          onText: (delta) => {
            if (speaks(controller)) options.onText?.(delta);
          },
        };
        const done = model.complete(request, own).then(
          (reply): Settled => ({ reply }),
          (error: unknown): Settled => ({ error }),
        );
        return { controller, done };
      };

      const first = start();
      const hedged = new Promise<"hedge">((resolve) => {
        cancelHedge = timing.after(afterMs, () => resolve("hedge"));
      });
      const early = await Promise.race([first.done, hedged]);
      if (early !== "hedge") {
        cancelHedge();
        return unwrap(early);
      }
      options.onHedge?.({ kind: "start", afterMs });
      const second = start();
      const winner = await firstReply(first, second);
      // Who was silent when the other began to speak was aborted by us: that is no reason to give.
      if (winner === null) return unwrap(await (speaker === second.controller ? second : first).done);
      const loser = winner.attempt === first ? second : first;
      loser.controller.abort();
      const lost = await Promise.race([loser.done, turnOfTheLoop()]);
      options.onHedge?.({
        kind: "end",
        isHedge: winner.attempt === second,
        loserReply: lost !== null && "reply" in lost ? lost.reply : null,
      });
      return winner.reply;
    },
  };
}

async function firstReply(
  first: Attempt,
  second: Attempt,
): Promise<{ readonly attempt: Attempt; readonly reply: ModelReply } | null> {
  const tagged = [first, second].map(async (attempt) => ({ attempt, settled: await attempt.done }));
  const fastest = await Promise.race(tagged);
  if ("reply" in fastest.settled) return { attempt: fastest.attempt, reply: fastest.settled.reply };
  const other = fastest.attempt === first ? second : first;
  const settled = await other.done;
  return "reply" in settled ? { attempt: other, reply: settled.reply } : null;
}

/** Long enough for a call that was aborted, or that had its answer already, to say so. */
function turnOfTheLoop(): Promise<null> {
  return new Promise((resolve) => setImmediate(() => resolve(null)));
}

function unwrap(settled: Settled): ModelReply {
  if ("reply" in settled) return settled.reply;
  throw settled.error;
}
