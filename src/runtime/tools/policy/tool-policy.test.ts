import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProviderError } from "../../../core/errors.js";
import { TurnStopped } from "../../turn.js";
import { notingTool, policyBench } from "../testing/policy-bench.js";
import { type ArgumentCap, UnknownOutcomeError } from "../tool.js";

const CAP: ArgumentCap = { path: "amount", max: 50 };
const ANNA = { tenantId: "north", userId: "C-1001", scopes: ["orders:read"] };

describe("permission", () => {
  const tool = () => notingTool({ permission: "orders:refund" });

  it("lets a call through with the scope", async () => {
    const refund = tool();
    await policyBench([refund], { identity: { scopes: ["orders:refund"] } }).run({});
    expect(refund.reached).toHaveLength(1);
  });

  it("is not widened by scopes that stand in arguments, in other cases or beside it", async () => {
    const refund = tool();
    const bench = policyBench([refund], {
      identity: {
        scopes: ["orders:read", "Orders:Refund", "orders:refund ", "orders:*", "*"],
        roles: ["admin"],
      },
    });
    const attempts = [
      {},
      { scopes: ["orders:refund"] },
      { identity: { scopes: ["orders:refund"] } },
      { permission: null },
      JSON.parse('{"__proto__": {"scopes": ["orders:refund"]}}'),
      { context: { identity: { scopes: ["orders:refund"] } } },
    ];
    for (const attempt of attempts) expect((await bench.run(attempt)).isError).toBe(true);
    expect(refund.reached).toEqual([]);
    expect(bench.guardrails.map((one) => one.rule)).toEqual([
      "tool.permission",
      "tool.permission",
      "tool.permission",
      "tool.permission",
      "tool.schema",
      "tool.permission",
    ]);
    expect(bench.guardrails[0]).toMatchObject({ action: "block", callId: "tool-0" });
  });

  it("is not got round by a name that looks the same", async () => {
    const refund = tool();
    const bench = policyBench([refund]);
    for (const name of [
      "refund ",
      " refund",
      "Refund",
      "refund\u200b",
      "rеfund",
      "ｒefund",
      "refund\u0000",
    ]) {
      expect(await bench.run({}, name)).toMatchObject({ isError: true });
    }
    expect(refund.reached).toEqual([]);
  });

  it("does not run a tool that is not offered, and says so in the trace", async () => {
    const refund = notingTool();
    const bench = policyBench([refund], { offered: [] });
    expect(await bench.run({})).toMatchObject({ isError: true });
    expect(refund.reached).toEqual([]);
    expect(bench.guardrails.map((one) => one.rule)).toEqual(["tool.permission"]);
  });

  it("reaches no tool without its scope, whatever the arguments", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(fc.string()),
        async (args, scopes) => {
          const refund = tool();
          const others = scopes.filter((scope) => scope !== "orders:refund");
          await policyBench([refund], { identity: { scopes: others } }).run(args);
          expect(refund.reached).toEqual([]);
        },
      ),
    );
  });
});

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
    const second = async (tool: typeof refused) => {
      const bench = policyBench([tool]);
      await bench.run({ amount: 80 });
      await bench.run({ amount: 80 });
      return bench.guardrails.length;
    };
    expect(await second(refused)).toBe(0);
    expect(await second(unreached)).toBe(0);
    expect(await second(unknown)).toBe(1);
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

describe("binding", () => {
  const bound = (mode: "refuse" | "force") =>
    notingTool({ bindings: [{ path: "customer_id", to: "user", mode }] });

  it("lets the own id through, as text or number", async () => {
    const list = bound("refuse");
    await policyBench([list], { identity: { userId: "1001" } }).run({ customer_id: 1001 });
    await policyBench([list], { identity: ANNA }).run({ customer_id: "C-1001" });
    expect(list.reached).toHaveLength(2);
  });

  it("refuses every way to another customer, and repeats no id", async () => {
    const list = bound("refuse");
    const bench = policyBench([list], { identity: ANNA });
    const attempts: unknown[] = [
      {},
      { customer_id: "C-1002" },
      { customer_id: "c-1001" },
      { customer_id: "C-1001 " },
      { customer_id: "С-1001" },
      { customer_id: ["C-1001", "C-1002"] },
      { customer_id: { $ne: "C-1001" } },
      { customer_id: "*" },
      { customer_id: null },
      { customer_id: "C-1001' OR '1'='1" },
      { Customer_id: "C-1001" },
    ];
    for (const attempt of attempts) {
      const { content, isError } = await bench.run(attempt);
      expect(isError).toBe(true);
      expect(content).not.toContain("C-1002");
    }
    expect(list.reached).toEqual([]);
    expect(new Set(bench.guardrails.map((one) => one.rule))).toEqual(new Set(["tool.binding"]));
  });

  it("puts the own id in place of whatever the model gave", async () => {
    const list = bound("force");
    const bench = policyBench([list], { identity: ANNA });
    for (const args of [{}, { customer_id: "C-1002" }, { customer_id: ["C-1002"] }]) await bench.run(args);
    expect(list.reached).toEqual(Array(3).fill({ customer_id: "C-1001" }));
  });

  it("refuses when nobody is signed in", async () => {
    for (const mode of ["refuse", "force"] as const) {
      const list = bound(mode);
      await policyBench([list]).run({ customer_id: "null" });
      expect(list.reached).toEqual([]);
    }
  });

  it("looks at all items of a list", async () => {
    const list = notingTool({ bindings: [{ path: "filters.*.tenant", to: "tenant", mode: "refuse" }] });
    const bench = policyBench([list], { identity: ANNA });
    await bench.run({ filters: [{ tenant: "north" }, { tenant: "south" }] });
    await bench.run({ filters: [] });
    expect(list.reached).toEqual([]);
  });
});

describe("schema", () => {
  const strict = () =>
    notingTool({
      spec: {
        name: "refund",
        description: "",
        parameters: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
      },
    });

  it.each([
    ["a missing argument", {}],
    ["another type", { id: 7 }],
    ["an argument that is not declared", { id: "a", scopes: ["admin"] }],
    ["a key that reaches for the prototype", JSON.parse('{"id": "a", "__proto__": {"isAdmin": true}}')],
    ["such a key further down", JSON.parse('{"id": "a", "x": [{"__proto__": {}}]}')],
    ["a value nested without end", { id: "a", x: JSON.parse("[".repeat(200) + "]".repeat(200)) }],
  ])("refuses %s", async (_, args) => {
    const refund = strict();
    const bench = policyBench([refund]);
    expect((await bench.run(args)).isError).toBe(true);
    expect(refund.reached).toEqual([]);
    expect(bench.guardrails.map((one) => one.rule)).toEqual(["tool.schema"]);
  });

  it("gives the tool a copy that nobody can change after the checks", async () => {
    const refund = strict();
    const args = { id: "a" };
    await policyBench([refund]).run(args);
    args.id = "b";
    expect(refund.reached).toEqual([{ id: "a" }]);
    expect(Object.isFrozen(refund.reached[0])).toBe(true);
  });
});

describe("result fields", () => {
  const answering = (content: string, isError = false) =>
    notingTool({ resultFields: ["id", "items.sku"], call: () => ({ content, isError }) });

  it.each([
    ["an object", '{"id":1,"card":"4111","items":[{"sku":"A","cost":3}]}', '{"id":1,"items":[{"sku":"A"}]}'],
    ["a list", '[{"id":1,"card":"4111"},{"card":"4111"}]', '[{"id":1},{}]'],
    ["a text", "the card is 4111", "(done; the result has no fields that may be shown)"],
    ["a bare value", '"4111"', "(done; the result has no fields that may be shown)"],
  ])("lets the declared fields of %s through", async (_, content, shown) => {
    expect(await policyBench([answering(content)]).run({})).toMatchObject({ content: shown });
  });

  it("keeps what an error says of itself, and no more", async () => {
    const tool = answering('{"error":"not_found","message":"No such order.","card":"4111"}', true);
    const { content } = await policyBench([tool]).run({});
    expect(JSON.parse(content)).toEqual({ error: "not_found", message: "No such order." });
  });
});

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
