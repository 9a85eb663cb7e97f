import { expect, test } from "vitest";
import { ProviderError } from "../../core/errors.js";
import type { ModelReply } from "../../core/message.js";
import { abortedError } from "../deadlines.js";
import type { CompleteOptions, HedgeNotice } from "../model.js";
import { hedgingModel } from "./hedging-model.js";
import { modelOf, REQUEST, replyOf } from "./testing/fake-model.js";
import { ManualTiming } from "./testing/manual-timing.js";

const down = () => new ProviderError("PROVIDER_UNAVAILABLE", "down", { isRetryable: true });

/** Answers after a time; may speak a first piece before, may fail, and ends at once when aborted,
 * with its answer when it had it already. */
function later(
  timing: ManualTiming,
  plan: readonly {
    readonly ms: number;
    readonly speaksAt?: number;
    readonly fails?: boolean;
    readonly isDeaf?: boolean;
  }[],
) {
  const aborted: number[] = [];
  const model = modelOf("m", (call, { signal, onText, onFirstToken }: CompleteOptions) => {
    const { ms, speaksAt, fails, isDeaf } = plan[call - 1] ?? { ms: 0 };
    return new Promise<ModelReply>((resolve, reject) => {
      const text = `answer ${call}`;
      if (speaksAt !== undefined) {
        timing.after(speaksAt, () => {
          onFirstToken?.();
          onText?.(text.slice(0, 3));
        });
      }
      timing.after(ms, () => (fails ? reject(down()) : resolve(replyOf(text, call))));
      signal.addEventListener("abort", () => {
        aborted.push(call);
        if (isDeaf) resolve(replyOf(text, call));
        else reject(abortedError("test"));
      });
    });
  });
  return { model, aborted };
}

function ask(timing: ManualTiming, plan: Parameters<typeof later>[1], signal = new AbortController().signal) {
  const { model, aborted } = later(timing, plan);
  const notices: HedgeNotice[] = [];
  const pieces: string[] = [];
  const call = hedgingModel(model, { afterMs: 100, timing }).complete(REQUEST, {
    signal,
    onHedge: (notice) => notices.push(notice),
    onText: (piece) => pieces.push(piece),
  });
  call.catch(() => undefined);
  return { model, aborted, notices, pieces, call };
}

test("an answer in time is asked for once", async () => {
  const timing = new ManualTiming();
  const { call, model, notices } = ask(timing, [{ ms: 90 }]);
  await timing.advance(1_000);
  expect((await call).text).toBe("answer 1");
  expect(model.calls).toBe(1);
  expect(notices).toEqual([]);
  expect(timing.pending).toBe(0);
});

test("a silent call is made again, the faster answer counts, the other is aborted", async () => {
  const timing = new ManualTiming();
  const { call, model, aborted, notices } = ask(timing, [{ ms: 5_000 }, { ms: 50 }]);
  await timing.advance(200);
  expect((await call).text).toBe("answer 2");
  expect(model.calls).toBe(2);
  expect(aborted).toEqual([1]);
  expect(notices).toEqual([
    { kind: "start", afterMs: 100 },
    { kind: "end", isHedge: true, loserReply: null },
  ]);
});

test("a loser that answered all the same is told, for its cost", async () => {
  const timing = new ManualTiming();
  const { call, notices } = ask(timing, [{ ms: 150 }, { ms: 5_000, isDeaf: true }]);
  await timing.advance(200);
  expect((await call).text).toBe("answer 1");
  expect(notices[1]).toEqual({ kind: "end", isHedge: false, loserReply: replyOf("answer 2", 2) });
});

test("a call that has begun to speak is not made again, and text of one call alone is passed on", async () => {
  const timing = new ManualTiming();
  const speaking = ask(timing, [{ ms: 5_000, speaksAt: 50 }]);
  await timing.advance(6_000);
  expect((await speaking.call).text).toBe("answer 1");
  expect(speaking.model.calls).toBe(1);
  const late = ask(timing, [
    { ms: 5_000, speaksAt: 300 },
    { ms: 4_000, speaksAt: 100 },
  ]);
  await timing.advance(6_000);
  expect((await late.call).text).toBe("answer 2");
  expect(late.pieces).toEqual(["ans"]);
  expect(late.aborted).toEqual([1]);
});

test("a failure before the second call is passed on; after it the other may still answer", async () => {
  const timing = new ManualTiming();
  const early = ask(timing, [{ ms: 50, fails: true }]);
  await timing.advance(1_000);
  await expect(early.call).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
  expect(early.model.calls).toBe(1);
  const late = ask(timing, [{ ms: 200, fails: true }, { ms: 500 }]);
  await timing.advance(1_000);
  expect((await late.call).text).toBe("answer 2");
});

test("when both fail the reason is a real one, never our own abort", async () => {
  const timing = new ManualTiming();
  const { call } = ask(timing, [{ ms: 5_000 }, { ms: 300, speaksAt: 100, fails: true }]);
  await timing.advance(6_000);
  await expect(call).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
});

test("an abort from outside ends both", async () => {
  const timing = new ManualTiming();
  const controller = new AbortController();
  const { call, aborted } = ask(timing, [{ ms: 5_000 }, { ms: 5_000 }], controller.signal);
  await timing.advance(150);
  controller.abort();
  await expect(call).rejects.toMatchObject({ code: "PROVIDER_ABORTED" });
  expect(aborted).toEqual([1, 2]);
});
