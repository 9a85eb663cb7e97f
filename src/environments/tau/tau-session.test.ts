import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../core/hash.js";
import { readDataset } from "../../datasets/read-dataset.js";
import { loadEnvironment } from "../registry.js";
import { DATASETS, shipped } from "./shipped-data.js";

const airline = loadEnvironment("tau-airline", DATASETS);
const retail = loadEnvironment("tau-retail", DATASETS);
const certificate = { name: "send_certificate", args: { user_id: "mia_li_3668", amount: 100 } };

describe("a session", () => {
  it("answers what Python answers to a call that cannot be", () => {
    const session = airline.start();
    const before = session.stateHash();
    const outcomes = [
      session.call("cancel_flight", {}),
      session.call("get_user_details", {}),
      session.call("send_certificate", {}),
      session.call("get_user_details", { user_id: "mia_li_3668", verbose: true }),
      session.call("get_user_details", { user_id: ["mia_li_3668"] }),
      session.call("get_user_details", { user_id: "__proto__" }),
      session.call("calculate", { expression: 5 }),
    ];
    expect(outcomes.map(({ content }) => content)).toEqual([
      "Unknown action cancel_flight",
      "Error: GetUserDetails.invoke() missing 1 required positional argument: 'user_id'",
      "Error: SendCertificate.invoke() missing 2 required positional arguments: 'user_id' and 'amount'",
      "Error: GetUserDetails.invoke() got an unexpected keyword argument 'verbose'",
      "Error: unhashable type: 'list'",
      "Error: user not found",
      expect.stringMatching(/^Error/),
    ]);
    expect(outcomes.every(({ isError }) => isError)).toBe(true);
    expect(session.stateHash()).toBe(before);
  });

  it("survives arguments nested thousands of levels deep", () => {
    let deep: never[] | string = "x";
    for (let level = 0; level < 100_000; level++) deep = [deep] as never[];
    const outcome = airline.start().call("send_certificate", { user_id: "mia_li_3668", amount: deep });
    expect(outcome).toEqual({ content: "Error: maximum recursion depth exceeded", isError: true });
  });

  it("keeps what a tool changed before it failed: a certificate named twice is gone, the booking is not made", () => {
    const session = airline.start();
    const payment = { payment_id: "certificate_7504069", amount: 50 };
    const { content } = session.call("book_reservation", {
      user_id: "mia_li_3668",
      origin: "JFK",
      destination: "SEA",
      flight_type: "one_way",
      cabin: "economy",
      flights: [],
      passengers: [],
      payment_methods: [payment, payment],
      total_baggages: 2,
      nonfree_baggages: 2,
      insurance: "no",
    });
    expect(content).toBe("Error: 'certificate_7504069'");
    const user = JSON.parse(session.call("get_user_details", { user_id: "mia_li_3668" }).content);
    expect(Object.keys(user.payment_methods)).not.toContain("certificate_7504069");
    expect(user.reservations).toEqual(["NO6JO3", "AIXC49", "HKEG34"]);
  });

  it("gives three certificates, then says nothing", () => {
    const session = airline.start();
    const said = [1, 2, 3, 4].map(() => session.call(certificate.name, certificate.args).content);
    expect(said.map((text) => text.match(/certificate_\d+/)?.[0])).toEqual([
      "certificate_3221322",
      "certificate_3221323",
      "certificate_3221324",
      undefined,
    ]);
    expect(said[3]).toBe("None");
  });

  it("takes numbers of any JSON type as Python does", () => {
    const session = airline.start();
    const update = (nonfree_baggages: boolean | string) =>
      session.call("update_reservation_baggages", {
        reservation_id: "4WQ150",
        total_baggages: "six",
        nonfree_baggages,
        payment_id: "gift_card_3576581",
      }).content;
    expect(update("1")).toMatch(/^Error/);
    const afterError = session.stateHash();
    expect(afterError).toBe(airline.start().stateHash());
    expect(JSON.parse(update(true))).toMatchObject({ total_baggages: "six", nonfree_baggages: true });
  });

  it("keeps its own copy of what the caller passed in", () => {
    const passengers = [
      { first_name: "A", last_name: "B", dob: "2000-01-01" },
      { first_name: "C", last_name: "D", dob: "2000-01-01" },
      { first_name: "E", last_name: "F", dob: "2000-01-01" },
    ];
    const session = airline.start();
    const updated = session.call("update_reservation_passengers", { reservation_id: "4WQ150", passengers });
    passengers.pop();
    const { content } = session.call("get_reservation_details", { reservation_id: "4WQ150" });
    expect(content).toBe(updated.content);
  });
});

/** Real ids among arbitrary values, so that calls get past the first look-up. */
const anyArgument = fc.oneof(
  fc.constantFrom<Json>("mia_li_3668", "4WQ150", "gift_card_3576581", "economy", "2024-05-20", "JFK", "SEA"),
  fc.constantFrom<Json>("#W2611340", "gift_card_1725971", "6469567736", ["6469567736"], "james_li_5688"),
  fc.constantFrom<Json>([{ flight_number: "HAT136", date: "2024-05-20" }], "", {}, [], null, true, -1, 0.5),
  fc.jsonValue().map((value) => value as Json),
);

/** Reads of every record that the arbitrary calls can reach; unknown tools of the other domain included. */
const LOOKUPS = [
  { name: "get_user_details", args: { user_id: "mia_li_3668" } },
  { name: "get_user_details", args: { user_id: "james_li_5688" } },
  { name: "get_reservation_details", args: { reservation_id: "4WQ150" } },
  { name: "get_reservation_details", args: { reservation_id: "HATHAT" } },
  { name: "get_order_details", args: { order_id: "#W2611340" } },
];

describe.each([airline, retail])("$name, called with arbitrary arguments", (environment) => {
  it("answers always, and no other session sees it", () => {
    const untouched = environment.start().stateHash();
    const calls = fc.array(
      fc.constantFrom(...environment.tools).chain(({ spec }) => {
        const names = Object.keys(spec.parameters.properties as object);
        const args = fc.record(Object.fromEntries(names.map((name) => [name, anyArgument])));
        return args.map((given) => ({ name: spec.name, args: given as { readonly [key: string]: Json } }));
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(calls, (made) => {
        const session = environment.start();
        for (const { name, args } of made) {
          const { content, isError } = session.call(name, args);
          expect(isError).toBe(content.startsWith("Error"));
        }
        session.stateHash();
        expect(environment.start().stateHash()).toBe(untouched);
      }),
      { numRuns: 300 },
    );
    const afresh = loadEnvironment(environment.name, DATASETS);
    for (const { name, args } of LOOKUPS) {
      expect(environment.start().call(name, args)).toEqual(afresh.start().call(name, args));
    }
  });
});

describe("check", () => {
  it("compares with the state of the gold actions, hand-over left out", () => {
    const session = airline.start();
    const handOver = { name: "transfer_to_human_agents", args: { summary: "x" } };
    const expected = { actions: [certificate, handOver], outputs: [] };
    const missed = session.check(expected, []);
    expect(missed).toMatchObject({
      reward: 0,
      stateMatches: false,
      stateDifferences: ["$.users.mia_li_3668.payment_methods.certificate_3221322"],
    });
    session.call(certificate.name, certificate.args);
    const met = session.check(expected, []);
    expect(met).toMatchObject({ reward: 1, stateMatches: true, stateDifferences: [] });
    expect(met.stateHash).toBe(met.expectedStateHash);
    expect(met.expectedStateHash).toBe(missed.expectedStateHash);
  });

  it("looks for outputs in replies without commas, in any case", () => {
    const session = retail.start();
    const check = (outputs: readonly string[]) =>
      session.check({ actions: null, outputs }, ["It is $1,628.50.", "The PayPal account"]);
    expect(check(["1628.5", "paypal"])).toMatchObject({ reward: 1, stateMatches: null, missingOutputs: [] });
    expect(check(["1,628.50"])).toMatchObject({ reward: 0, missingOutputs: ["1,628.50"] });
  });
});

describe("the shipped suites", () => {
  it.each([
    ["airline", 50, 14],
    ["retail", 115, 16],
  ])("%s has %d cases and %d tools; every gold action is one of them", async (domain, cases, tools) => {
    const environment = loadEnvironment(`tau-${domain}`, DATASETS);
    const dataset = await readDataset(shipped(`tau-${domain}`, "cases.jsonl"));
    expect(dataset.cases).toHaveLength(cases);
    expect(environment.tools).toHaveLength(tools);
    expect(environment.tools.filter((tool) => tool.ends).map((tool) => tool.spec.name)).toEqual([
      "transfer_to_human_agents",
    ]);
    const names = new Set(environment.tools.map((tool) => tool.spec.name));
    for (const golden of dataset.cases) {
      expect(golden.environment).toBe(environment.name);
      for (const { name } of golden.expect.state?.actions ?? []) expect(names).toContain(name);
    }
  });

  it("marks the tools that can change the state", () => {
    const changing = retail.tools.filter((tool) => tool.sideEffect).map((tool) => tool.spec.name);
    expect(changing).toEqual([
      "cancel_pending_order",
      "exchange_delivered_order_items",
      "modify_pending_order_address",
      "modify_pending_order_items",
      "modify_pending_order_payment",
      "modify_user_address",
      "return_delivered_order_items",
    ]);
  });

  it("starts a session and hashes a changed one without copying or encoding the database", () => {
    airline.start().stateHash();
    const started = performance.now();
    for (let trial = 0; trial < 200; trial++) {
      const session = airline.start();
      session.call(certificate.name, certificate.args);
      session.stateHash();
    }
    // Some 2 ms each here; encoding the database anew takes 90 ms.
    expect((performance.now() - started) / 200).toBeLessThan(20);
  });
});
