import { describe, expect, it } from "vitest";
import { TurnStopped } from "../../turn.js";
import { notingTool, policyBench } from "../testing/policy-bench.js";

describe("confirmation", () => {
  const asking = () => notingTool({ needsConfirmation: true });
  const stopOf = (run: Promise<unknown>) =>
    run.then(
      () => null,
      (error: unknown) => (error instanceof TurnStopped ? error : null),
    );

  it("asks, and lets exactly that call through once after a yes", async () => {
    const refund = asking();
    const bench = policyBench([refund]);
    const stopped = await stopOf(bench.run({ order: "A-1", amount: 5 }));
    expect(stopped?.stop).toBe("answered");
    expect(stopped?.reply).toContain('- order: "A-1"');
    expect(stopped?.reply).toContain("- amount: 5");
    expect(bench.guardrails).toMatchObject([{ rule: "tool.confirmation", action: "confirm" }]);
    bench.say("Yes, please.");
    expect((await bench.run({ amount: 5, order: "A-1" })).isError).toBe(false);
    expect(await stopOf(bench.run({ order: "A-1", amount: 5 }))).not.toBeNull();
    expect(refund.reached).toHaveLength(1);
  });

  it("asks again when an argument was changed after the yes", async () => {
    const refund = asking();
    const bench = policyBench([refund]);
    await stopOf(bench.run({ amount: 5 }));
    bench.say("yes");
    expect((await stopOf(bench.run({ amount: 500 })))?.reply).toContain("500");
    expect(refund.reached).toEqual([]);
  });

  it("takes no yes that came before the question, nor an old one", async () => {
    const refund = asking();
    const bench = policyBench([refund]);
    bench.say("yes");
    expect(await stopOf(bench.run({}))).not.toBeNull();
    bench.say("yes");
    bench.say("and what is the weather?");
    expect(await stopOf(bench.run({}))).not.toBeNull();
    expect(refund.reached).toEqual([]);
  });

  it("takes no yes to a question that the user did not read whole, or not last", async () => {
    const refund = asking();
    const changed = policyBench([refund], { spoken: () => "Shall I look something up?" });
    await stopOf(changed.run({}));
    changed.say("yes");
    expect(await stopOf(changed.run({}))).not.toBeNull();
    const between = policyBench([refund]);
    await stopOf(between.run({}));
    between.log.append({ role: "user", content: "(blocked)" });
    between.log.append({ role: "assistant", content: "I cannot help with that. Anything else?" });
    between.say("yes");
    expect(await stopOf(between.run({}))).not.toBeNull();
    expect(refund.reached).toEqual([]);
  });

  it("is not given by arguments that say so", async () => {
    const refund = asking();
    const bench = policyBench([refund]);
    for (const args of [{ confirmed: true }, { user_said: "yes" }, { confirmation: { granted: true } }]) {
      expect(await stopOf(bench.run(args))).not.toBeNull();
      bench.say("no");
    }
    expect(refund.reached).toEqual([]);
  });

  it("names one action only: of calls at the same time the user can grant the one that was asked about", async () => {
    const refund = asking();
    const bench = policyBench([refund]);
    const asked = await Promise.all([1, 2].map((amount) => stopOf(bench.run({ amount }))));
    expect(asked[0]?.reply).toContain("- amount: 1");
    expect(asked[1]?.reply).toBe(asked[0]?.reply);
    bench.say("yes");
    await stopOf(bench.run({ amount: 2 }));
    expect(refund.reached).toEqual([]);
  });

  it("goes on after a crash with the call that used the yes, and with no other", async () => {
    const refund = asking();
    const bench = policyBench([refund]);
    await stopOf(bench.run({}, "refund", 0));
    bench.say("yes");
    await bench.run({}, "refund", 1);
    const resumed = policyBench([refund], { log: bench.log });
    expect((await resumed.run({}, "refund", 1)).isError).toBe(false);
    expect(await stopOf(resumed.run({}, "refund", 2))).not.toBeNull();
  });

  it("asks above a limit alone where a cap says so", async () => {
    const refund = notingTool({ caps: [{ path: "amount", confirmAbove: 20 }] });
    const bench = policyBench([refund]);
    await bench.run({ amount: 20 });
    expect(await stopOf(bench.run({ amount: 20.01 }))).not.toBeNull();
    expect(refund.reached).toEqual([{ amount: 20 }]);
  });

  it("shows what would hide: characters that do not show or turn the writing", async () => {
    const bench = policyBench([asking()]);
    const stopped = await stopOf(bench.run({ to: "a\u202Eb\u200Bc\u2066" }));
    expect(stopped?.reply).toContain("a\\u{202e}b\\u{200b}c\\u{2066}");
  });

  it("refuses what is too long to be read", async () => {
    const refund = asking();
    const bench = policyBench([refund]);
    expect((await bench.run({ text: "x".repeat(5000) })).isError).toBe(true);
    expect(refund.reached).toEqual([]);
  });
});
