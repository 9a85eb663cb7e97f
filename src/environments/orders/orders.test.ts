import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../core/hash.js";
import { loadOrders } from "./load-orders.js";
import { REFUND_REASONS } from "./order.js";

const environment = loadOrders();

function parse(content: string): { [key: string]: Json } {
  return JSON.parse(content) as { [key: string]: Json };
}

describe("who may see what", () => {
  it("shows an own order with what was paid", () => {
    const outcome = environment.start().call("lookup_order", { order_id: "A-1047" });
    expect(outcome.isError).toBe(false);
    expect(parse(outcome.content)).toMatchObject({
      status: "delivered",
      paid_usd: 84.25,
      refundable_usd: 84.25,
    });
  });

  it("lists the orders of the signed-in customer alone", () => {
    const session = environment.start();
    const own = session.call("list_orders", { customer_id: "C-1001" });
    expect(own.content).toContain("A-1042");
    expect(own.content).not.toContain("A-2017");
    const foreign = session.call("list_orders", { customer_id: "C-1002" });
    expect(foreign.isError).toBe(true);
    expect(foreign.content).not.toContain("A-2017");
  });

  it.each([
    ["lookup_order", {}],
    ["cancel_order", { reason: "other", confirmed: true }],
    ["refund_order", { amount_usd: 5, reason: "other" }],
    ["update_shipping_address", { address: "1 Elsewhere Street" }],
  ])("%s answers a foreign order like one that does not exist, and changes nothing", (name, rest) => {
    const session = environment.start();
    const before = session.stateHash();
    const foreign = session.call(name, { order_id: "A-2020", ...rest });
    const unknown = session.call(name, { order_id: "A-9999", ...rest });
    expect(foreign.isError).toBe(true);
    expect(parse(foreign.content).error).toBe("not_authorised");
    expect(foreign.content.replaceAll("A-2020", "A-9999")).toBe(unknown.content);
    expect(session.stateHash()).toBe(before);
  });
});

describe("cancel_order", () => {
  it("asks for confirmation first and then cancels", () => {
    const session = environment.start();
    const before = session.stateHash();
    const asked = session.call("cancel_order", { order_id: "A-1042", reason: "mistake" });
    expect(asked.isError).toBe(true);
    expect(parse(asked.content).error).toBe("needs_confirmation");
    expect(session.stateHash()).toBe(before);

    const done = session.call("cancel_order", { order_id: "A-1042", reason: "mistake", confirmed: true });
    expect(parse(done.content)).toMatchObject({ status: "cancelled" });
    expect(session.stateHash()).not.toBe(before);
  });

  it.each(["A-1043", "A-1047", "A-1063"])("refuses %s, which is not processing", (orderId) => {
    const session = environment.start();
    const outcome = session.call("cancel_order", { order_id: orderId, reason: "other", confirmed: true });
    expect(parse(outcome.content).error).toBe("not_cancellable");
    expect(session.stateHash()).toBe(environment.start().stateHash());
  });
});

describe("refund_order", () => {
  const refund = { order_id: "A-1051", amount_usd: 40, reason: "damaged" };

  it("refunds the same request once and says so", () => {
    const session = environment.start();
    expect(session.call("refund_order", refund).isError).toBe(false);
    const once = session.stateHash();
    const again = session.call("refund_order", refund);
    expect(again.isError).toBe(false);
    expect(parse(again.content).already_refunded).toBe(true);
    expect(session.stateHash()).toBe(once);
  });

  it("refunds once more under a new key, and refuses a key used for another refund", () => {
    const session = environment.start();
    session.call("refund_order", { ...refund, idempotency_key: "k1" });
    const once = session.stateHash();
    session.call("refund_order", { ...refund, idempotency_key: "k1" });
    expect(session.stateHash()).toBe(once);
    const reused = session.call("refund_order", { ...refund, amount_usd: 10, idempotency_key: "k1" });
    expect(parse(reused.content).error).toBe("key_reused");
    session.call("refund_order", { ...refund, idempotency_key: "k2" });
    expect(parse(session.call("lookup_order", { order_id: "A-1051" }).content).refundable_usd).toBe(20);
  });

  it("refuses more than the cap, also in parts, and more than was paid", () => {
    const session = environment.start();
    expect(parse(session.call("refund_order", { ...refund, amount_usd: 100.01 }).content).error).toBe(
      "over_cap",
    );
    session.call("refund_order", { ...refund, amount_usd: 60 });
    expect(parse(session.call("refund_order", { ...refund, amount_usd: 40.01 }).content).error).toBe(
      "over_cap",
    );
    expect(session.call("refund_order", { ...refund, amount_usd: 40 }).isError).toBe(false);
    const small = { order_id: "A-1055", amount_usd: 37.21, reason: "late" };
    expect(parse(session.call("refund_order", small).content).error).toBe("over_cap");
    expect(session.call("refund_order", { ...small, amount_usd: 37.2 }).isError).toBe(false);
  });

  it.each(["A-1042", "A-1063"])("refuses %s, which was not sent", (orderId) => {
    const outcome = environment.start().call("refund_order", { ...refund, order_id: orderId });
    expect(parse(outcome.content).error).toBe("not_refundable");
  });

  it("refuses fractions of a cent", () => {
    const outcome = environment.start().call("refund_order", { ...refund, amount_usd: 1.005 });
    expect(parse(outcome.content).error).toBe("bad_amount");
  });

  const requests = fc.record({
    order_id: fc.constantFrom("A-1043", "A-1047", "A-1051", "A-1055", "A-1042", "A-2020"),
    amount_usd: fc.integer({ min: 1, max: 15_000 }).map((cents) => cents / 100),
    reason: fc.constantFrom(...REFUND_REASONS),
  });

  it("changes the state once however often a refund is repeated", () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 5 }), fc.boolean(), (request, repeats, withKey) => {
        const args = withKey ? { ...request, idempotency_key: "k" } : request;
        const session = environment.start();
        session.call("refund_order", args);
        const once = session.stateHash();
        for (let index = 0; index < repeats; index++) session.call("refund_order", args);
        expect(session.stateHash()).toBe(once);
      }),
    );
  });

  it("never refunds more than the cap or the price in total", () => {
    const keyed = fc.tuple(
      requests,
      fc.option(fc.string({ minLength: 1, maxLength: 3 }), { nil: undefined }),
    );
    fc.assert(
      fc.property(fc.array(keyed, { maxLength: 30 }), (calls) => {
        const session = environment.start();
        for (const [request, key] of calls) {
          session.call("refund_order", key === undefined ? request : { ...request, idempotency_key: key });
        }
        for (const orderId of ["A-1043", "A-1047", "A-1051", "A-1055"]) {
          const order = parse(session.call("lookup_order", { order_id: orderId }).content);
          const refunds = order.refunds as { amount_usd: number }[];
          const cents = refunds.reduce((sum, refund) => sum + Math.round(refund.amount_usd * 100), 0);
          expect(cents).toBeLessThanOrEqual(Math.min(10_000, Math.round((order.paid_usd as number) * 100)));
        }
      }),
    );
  });
});

describe("update_shipping_address", () => {
  it("changes a processing order and no other", () => {
    const session = environment.start();
    const address = "5 New Road, Salem, OR 97301";
    expect(session.call("update_shipping_address", { order_id: "A-1042", address }).isError).toBe(false);
    expect(session.call("lookup_order", { order_id: "A-1042" }).content).toContain(address);
    const shipped = session.call("update_shipping_address", { order_id: "A-1043", address });
    expect(parse(shipped.content).error).toBe("not_changeable");
  });
});

describe("wrong calls", () => {
  it.each([
    ["no_such_tool", {}, "unknown_tool"],
    ["lookup_order", {}, "bad_arguments"],
    ["lookup_order", { order_id: "1042" }, "bad_arguments"],
    ["lookup_order", { order_id: "__proto__" }, "bad_arguments"],
    ["lookup_order", { order_id: "A-1042", extra: 1 }, "bad_arguments"],
    ["refund_order", { order_id: "A-1051", amount_usd: "40", reason: "late" }, "bad_arguments"],
    ["refund_order", { order_id: "A-1051", amount_usd: -1, reason: "late" }, "bad_arguments"],
    ["refund_order", { order_id: "A-1051", amount_usd: 1, reason: "please" }, "bad_arguments"],
    ["cancel_order", { order_id: "A-1042", reason: "other", confirmed: "yes" }, "bad_arguments"],
  ])("%s %j is an outcome, not an exception", (name, args, error) => {
    const outcome = environment.start().call(name, args as { [key: string]: Json });
    expect(outcome.isError).toBe(true);
    expect(parse(outcome.content).error).toBe(error);
  });
});

describe("check", () => {
  const gold = [{ name: "refund_order", args: { order_id: "A-1047", amount_usd: 20, reason: "damaged" } }];

  it("accepts the gold state, whatever key was used, and the outputs in any reply", () => {
    const session = environment.start();
    session.call("refund_order", { ...gold[0]?.args, idempotency_key: "abc" });
    const check = session.check({ actions: gold, outputs: ["1084.25"] }, ["Hello", "That is 1,084.25 USD"]);
    expect(check).toMatchObject({ reward: 1, stateMatches: true, missingOutputs: [], stateDifferences: [] });
    expect(check.stateHash).toBe(check.expectedStateHash);
  });

  it("names the paths that differ and the outputs that are missing", () => {
    const session = environment.start();
    session.call("cancel_order", { order_id: "A-1042", reason: "delay", confirmed: true });
    const check = session.check({ actions: gold, outputs: ["20.00"] }, ["Done."]);
    expect(check.reward).toBe(0);
    expect(check.stateDifferences).toEqual([
      '$["A-1042"].status',
      '$["A-1042"].cancel_reason',
      '$["A-1047"].refunds[0]',
    ]);
    expect(check.missingOutputs).toEqual(["20.00"]);
  });

  it("says null when no final state is asked for", () => {
    const check = environment.start().check({ actions: null, outputs: [] }, []);
    expect(check).toMatchObject({ reward: 1, stateMatches: null, expectedStateHash: null });
  });

  it("keeps sessions apart", () => {
    const first = environment.start();
    first.call("refund_order", gold[0]?.args ?? {});
    expect(environment.start().stateHash()).not.toBe(first.stateHash());
  });
});
