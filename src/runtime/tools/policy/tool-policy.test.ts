import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { notingTool, policyBench } from "../testing/policy-bench.js";

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
