import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProviderError } from "../../../core/errors.js";
import { notingTool, policyBench } from "../testing/policy-bench.js";
import { type ArgumentCap, refusedCall, type ToolLayer, UnknownOutcomeError } from "../tool.js";

const CAP: ArgumentCap = { path: "amount", max: 50 };

describe("caps", () => {
  it.each([
    ["the cap itself", { amount: 50 }],
    ["a plain decimal text", { amount: "49.90" }],
    ["nothing", { amount: 0 }],
  ])("lets %s through", async (_, args) => {
    const refund = notingTool({ caps: [CAP] });
    await policyBench([refund]).run(args);
    expect(refund.reached).toEqual([args]);
  });

  it.each([
    ["above", { amount: 50.01 }],
    ["just above", { amount: 50.000000000000014 }],
    ["a text above", { amount: "50.01" }],
    ["negative", { amount: -1 }],
    ["a negative text", { amount: "-60" }],
    ["infinity, as JSON reads it", JSON.parse('{"amount": 1e999}')],
    ["NaN", { amount: Number.NaN }],
    ["the text NaN", { amount: "NaN" }],
    ["the text Infinity", { amount: "Infinity" }],
    ["an exponent", { amount: "1e3" }],
    ["hexadecimal", { amount: "0x20" }],
    ["digits of another script", { amount: "٤٠" }],
    ["full-width digits", { amount: "４０" }],
    ["a thousands separator", { amount: "1,000" }],
    ["a decimal comma", { amount: "9,99" }],
    ["white space", { amount: " 40" }],
    ["leading zeros", { amount: "0000040" }],
    ["a currency", { amount: "40 USD" }],
    ["a list", { amount: [40] }],
    ["an object", { amount: { value: 40 } }],
    ["true", { amount: true }],
    ["null", { amount: null }],
    ["absent", {}],
    ["in another place", { Amount: 40, " amount": 40 }],
    ["the last of two keys", JSON.parse('{"amount": 1, "amount": 999}')],
  ])("refuses an amount that is %s", async (_, args) => {
    const refund = notingTool({ caps: [CAP] });
    const bench = policyBench([refund]);
    expect((await bench.run(args)).isError).toBe(true);
    expect(refund.reached).toEqual([]);
  });

  it("says which rule refused, and why", async () => {
    const bench = policyBench([notingTool({ caps: [CAP] })]);
    const { content } = await bench.run({ amount: 80 });
    expect(content).toBe("Error: refund was not run: amount is 80, at most 50 is allowed");
    expect(bench.guardrails).toEqual([
      { rule: "tool.cap", action: "block", detail: "amount is 80, at most 50 is allowed", callId: "tool-0" },
    ]);
  });

  it.each([
    ["one of many", { items: [{ discount: 5 }, { discount: 40 }] }],
    ["a list in a list", { items: [[{ discount: 40 }]] }],
    ["an object instead of the list", { items: { a: { discount: 40 } } }],
    ["missing in one", { items: [{ discount: 5 }, {}] }],
    ["a list around the value", { items: [{ discount: [40] }] }],
  ])("looks at every item: %s", async (_, args) => {
    const sell = notingTool({ caps: [{ path: "items.*.discount", max: 15 }] });
    expect((await policyBench([sell]).run(args)).isError).toBe(true);
    expect(sell.reached).toEqual([]);
  });

  it("lets an optional argument be left out, and still caps it", async () => {
    const sell = notingTool({ caps: [{ path: "discount", max: 15, optional: true }] });
    const bench = policyBench([sell]);
    await bench.run({});
    await bench.run({ discount: 16 });
    expect(sell.reached).toEqual([{}]);
  });

  it("adds up over the conversation, without rounding", async () => {
    const refund = notingTool({ caps: [{ path: "amount", maxTotal: 0.3 }] });
    const bench = policyBench([refund]);
    for (const amount of [0.1, 0.2, 0.01]) await bench.run({ amount });
    expect(refund.reached).toEqual([{ amount: 0.1 }, { amount: 0.2 }]);
    expect(bench.guardrails.map((one) => one.rule)).toEqual(["tool.cap"]);
  });

  it("adds up calls that run at the same time", async () => {
    const refund = notingTool({ caps: [{ path: "amount", maxTotal: 100 }] });
    const bench = policyBench([refund]);
    await Promise.all([60, 60, 40].map((amount) => bench.run({ amount })));
    expect(refund.reached).toEqual([{ amount: 60 }, { amount: 40 }]);
  });

  it("counts a call again after a crash once, and another conversation's not at all", async () => {
    const refund = notingTool({ caps: [{ path: "amount", maxTotal: 100 }] });
    const bench = policyBench([refund]);
    await bench.run({ amount: 80 }, "refund", 0);
    const resumed = policyBench([refund], { log: bench.log });
    expect((await resumed.run({ amount: 80 }, "refund", 0)).isError).toBe(false);
    expect((await resumed.run({ amount: 80 }, "refund", 1)).isError).toBe(true);
    expect((await policyBench([refund]).run({ amount: 80 })).isError).toBe(false);
  });

  it("gives back what certainly had no effect, and keeps what may have had one", async () => {
    const caps = [{ path: "amount", maxTotal: 100 }];
    const refused = notingTool({ caps, call: () => ({ content: "no", isError: true }) });
    const unreached = notingTool({
      caps,
      call: () => Promise.reject(new ProviderError("PROVIDER_UNAVAILABLE", "refused")),
    });
    const unknown = notingTool({ caps, call: () => Promise.reject(new UnknownOutcomeError("cut off")) });
    const elsewhere = notingTool({ caps, source: "mcp", call: () => ({ content: "no", isError: true }) });
    const second = async (tool: typeof refused) => {
      const bench = policyBench([tool]);
      await bench.run({ amount: 80 });
      await bench.run({ amount: 80 });
      return bench.guardrails.length;
    };
    expect(await second(refused)).toBe(0);
    expect(await second(unreached)).toBe(0);
    expect(await second(unknown)).toBe(1);
    expect(await second(elsewhere)).toBe(1);
  });

  it.each([
    ["another call of the same process", false],
    ["another process", true],
  ])(
    "keeps the amount of a call that may have been made, though %s cannot send it again",
    async (_, isRestarted) => {
      const answers = [
        new UnknownOutcomeError("cut off"),
        new ProviderError("PROVIDER_UNAVAILABLE", "refused"),
      ];
      const sent: unknown[] = [];
      const refund = notingTool({
        caps: [{ path: "amount", maxTotal: 100 }],
        call: (args) => {
          sent.push(args);
          return Promise.reject(answers.shift());
        },
      });
      const sentTwice: ToolLayer = async (invocation) => {
        const { tool, call, context } = invocation;
        const send = async () => tool.call(call.arguments, context);
        const lost = () => refusedCall("nobody knows");
        return isRestarted ? send().catch(lost) : send().catch(send).catch(lost);
      };
      const bench = policyBench([refund], { inside: sentTwice });
      await bench.run({ amount: 80 }, "refund", 0);
      const next = isRestarted ? policyBench([refund], { inside: sentTwice, log: bench.log }) : bench;
      if (isRestarted) await next.run({ amount: 80 }, "refund", 0);
      expect(sent).toHaveLength(2);
      expect((await next.run({ amount: 80 }, "refund", 1)).content).toContain("would come to more than 100");
    },
  );

  it("is broken by an empty list in the place of an object: it may stand for all", async () => {
    const refund = notingTool({ caps: [{ path: "refund.amount", max: 50 }] });
    await policyBench([refund]).run({ refund: [] });
    await policyBench([refund]).run({ refund: [[]] });
    expect(refund.reached).toEqual([]);
  });

  it("lets no generated value beyond the cap reach the tool", async () => {
    const amount = fc.oneof(
      fc.jsonValue(),
      fc.double(),
      fc.double({ min: 0, max: 100 }).map(String),
      fc.integer().map((value) => ({ value })),
      fc.integer().map((value) => [value]),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.option(amount, { nil: undefined }),
        async (others, value) => {
          const refund = notingTool({ caps: [CAP] });
          await policyBench([refund]).run(value === undefined ? others : { ...others, amount: value });
          for (const args of refund.reached) {
            expect(Number(args.amount)).toBeGreaterThanOrEqual(0);
            expect(Number(args.amount)).toBeLessThanOrEqual(50);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("lets no sequence of calls spend more than the total", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 60, noNaN: true }), { maxLength: 12 }),
        async (amounts) => {
          const refund = notingTool({ caps: [{ path: "amount", maxTotal: 100 }] });
          const bench = policyBench([refund]);
          await Promise.all(amounts.map((amount) => bench.run({ amount })));
          const total = refund.reached.reduce((sum, args) => sum + Number(args.amount), 0);
          expect(total).toBeLessThanOrEqual(100 + 1e-9);
        },
      ),
    );
  });
});
