import { describe, expect, it } from "vitest";
import { memoryLog } from "../conversation-log.js";
import { effectsLayer, effectsOf, shareEffects } from "./effects-view.js";
import { invocationOf, testTool } from "./testing/test-tools.js";

describe("the effects of a conversation", () => {
  it("without a ledger: side effects that succeeded", async () => {
    const log = memoryLog();
    const layer = effectsLayer(log);
    const answer =
      (content: string, isError = false) =>
      () => ({ content, isError });
    await layer(invocationOf(testTool("refund"), { cents: 5 }, 0), answer("ok"));
    await layer(invocationOf(testTool("refund"), { cents: 6 }, 1), answer("no", true));
    await layer(invocationOf(testTool("look", { reversibility: "read" }), {}, 2), answer("seen"));
    expect(effectsOf(log).done()).toEqual([{ tool: "refund", args: { cents: 5 }, result: "ok" }]);
  });

  it("without a ledger: a call whose outcome is unknown is told by what the model read of it", () => {
    const log = memoryLog();
    const say = (content: string) => log.append({ role: "tool", toolCallId: "c", name: "refund", content });
    say("Error: refund was not done");
    expect(effectsOf(log).anyUnknown()).toBe(false);
    say("Error: it is not known whether refund took effect (connection lost)");
    expect(effectsOf(log).anyUnknown()).toBe(true);
  });

  it("with a ledger: what it says", async () => {
    const log = memoryLog();
    const done = [{ tool: "t", args: {}, result: "r" }];
    shareEffects(log, { done: () => done, anyUnknown: () => true });
    await effectsLayer(log)(invocationOf(testTool("refund"), {}, 0), () => ({
      content: "ok",
      isError: false,
    }));
    expect(effectsOf(log).done()).toBe(done);
    expect(effectsOf(log).anyUnknown()).toBe(true);
    expect(log.note("effects")).toBeUndefined();
  });
});
