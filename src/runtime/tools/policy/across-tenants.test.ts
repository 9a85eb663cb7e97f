import { describe, expect, it } from "vitest";
import type { Json } from "../../../core/hash.js";
import { notingTool, policyBench } from "../testing/policy-bench.js";

const OWN = "C-1001";
const OTHERS = [
  "C-1002",
  "C-1003",
  "*",
  "%",
  "",
  "null",
  "admin",
  "C-1001,C-1002",
  "C-1001 OR 1=1",
  "../C-1002",
];

/** Look-alikes of the own id: other case, other scripts, white space, characters that do not show. */
const LOOK_ALIKES = [
  "c-1001",
  "С-1001",
  "Ｃ-1001",
  "C-１００１",
  "C-1001 ",
  " C-1001",
  "C-1001\u0000",
  "C-1001\u200b",
  "C‑1001",
  "C-1001\n",
  "C-01001",
  "C-1001.0",
  "%43-1001",
];

/** Ways to bring an id: plain, wrapped, beside the own one, under another name. */
const SHAPES: readonly ((id: string) => Json)[] = [
  (id) => ({ customer_id: id }),
  (id) => ({ customer_id: [id] }),
  (id) => ({ customer_id: [OWN, id] }),
  (id) => ({ customer_id: { $eq: id } }),
  (id) => ({ customer_id: { customer_id: id } }),
  (id) => ({ customer_id: id, identity: { userId: id, tenantId: id } }),
  (id) => ({ Customer_Id: id }),
  (id) => ({ "customer_id ": id }),
  (id) => ({ customerId: id }),
  (id) => ({ filter: { customer_id: id } }),
  (id) => ({ "customer_id[]": id }),
  (id) => JSON.parse(`{"customer_id":"${OWN}","customer_id":${JSON.stringify(id)}}`) as Json,
  (id) => JSON.parse(`{"customer_id":"${OWN}","__proto__":{"customer_id":${JSON.stringify(id)}}}`) as Json,
  (id) => ({ customer_id: OWN, customerId: id }),
  (id) => ({ customer_id: OWN, scopes: ["*"], as_user: id }),
];

const SPEC = {
  name: "list_orders",
  description: "Lists the orders of a customer.",
  parameters: { type: "object", properties: { customer_id: { type: "string" } }, required: ["customer_id"] },
};

describe("across tenants and users", () => {
  it("no attempt reaches the tool with another id, or with anything beside the own one", async () => {
    let attempts = 0;
    for (const to of ["user", "tenant"] as const) {
      for (const mode of ["refuse", "force"] as const) {
        const list = notingTool({ spec: SPEC, bindings: [{ path: "customer_id", to, mode }] });
        const bench = policyBench([list], { identity: { userId: OWN, tenantId: OWN } });
        for (const id of [...OTHERS, ...LOOK_ALIKES]) {
          for (const shape of SHAPES) {
            attempts += 1;
            await bench.run(shape(id));
          }
        }
        for (const args of list.reached) expect(args).toEqual({ customer_id: OWN });
        if (mode === "refuse") expect(list.reached).toEqual([]);
      }
    }
    expect(attempts).toBe(1380);
  });

  it("no attempt reaches a tool whose scope is missing, by arguments, names or scopes alike", async () => {
    const scopes = [
      "",
      "*",
      "orders",
      "orders:",
      "orders:*",
      "ORDERS:REFUND",
      "orders:refund ",
      "orders.refund",
      "оrders:refund",
    ];
    const names = [
      "refund",
      "refund ",
      "Refund",
      "refund\u200b",
      "rеfund",
      "functions.refund",
      "refund\n",
      "__proto__",
      "constructor",
    ];
    let attempts = 0;
    for (const scope of scopes) {
      const refund = notingTool({ permission: "orders:refund" });
      const bench = policyBench([refund], {
        identity: { scopes: [scope], roles: ["orders:refund", "admin"] },
      });
      for (const name of names) {
        for (const extra of [
          {},
          { scope: "orders:refund" },
          { scopes: ["orders:refund"] },
          { permission: null },
        ]) {
          attempts += 1;
          expect((await bench.run(extra, name)).isError).toBe(true);
        }
      }
      expect(refund.reached).toEqual([]);
    }
    expect(attempts).toBe(324);
  });
});
