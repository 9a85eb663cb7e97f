import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../core/hash.js";
import { PythonError } from "./python-error.js";
import { canonicalState } from "./python-json.js";
import { stateDifferences } from "./state-differences.js";
import { TauDatabase } from "./tau-database.js";
import { TauState } from "./tau-state.js";

function database(): TauDatabase {
  return new TauDatabase(
    new Map([
      [
        "users",
        new Map([
          ["bo", { cash: 5, tags: ["a"] }],
          ["ann", { cash: 1.5, tags: [] }],
          ["é", { cash: 0 }],
        ]),
      ],
      ["empty", new Map()],
      ["zoo", new Map([["lion", { fed: true }]])],
    ]),
  );
}

const TABLES = ["users", "empty", "zoo"];

/** The hash without any of the stored fragments. */
function plainHash(state: TauState): string {
  const tables = TABLES.map((table) => [table, Object.fromEntries(state.records(table))] as const);
  return sha256(canonicalState(Object.fromEntries(tables)));
}

const change = fc.record({
  table: fc.constantFrom(...TABLES),
  id: fc.constantFrom("ann", "bo", "é", "lion", "aaa", "m", "zzz", "\u{1F6EB}"),
  cash: fc.integer(),
});

describe("TauState", () => {
  it("hashes as the canonical JSON of the whole database does, after any changes", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const state = new TauState(database());
        expect(state.hash()).toBe(plainHash(state));
        for (const { table, id, cash } of changes) {
          if (state.find(table, id) === undefined) state.put(table, id, { cash });
          else state.edit(table, id).cash = cash;
          expect(state.hash()).toBe(plainHash(state));
        }
      }),
    );
  });

  it("keeps two sessions apart, whatever either does", () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1 }), fc.array(change), (mine, theirs) => {
        const shared = database();
        const [left, right] = [new TauState(shared), new TauState(shared)];
        const untouched = right.hash();
        for (const { table, id, cash } of mine) left.put(table, id, { cash });
        expect(right.hash()).toBe(untouched);
        for (const { table, id, cash } of theirs) right.put(table, id, { cash });
        expect(right.hash()).toBe(plainHash(right));
        expect(new TauState(shared).hash()).toBe(untouched);
      }),
    );
  });

  it("copies a record once and never the shared one", () => {
    const shared = database();
    const state = new TauState(shared);
    const edited = state.edit("users", "bo");
    (edited.tags as string[]).push("b");
    expect(state.edit("users", "bo")).toBe(edited);
    expect(shared.table("users").get("bo")).toEqual({ cash: 5, tags: ["a"] });
  });

  it("looks ids up as a Python dictionary does", () => {
    const state = new TauState(database());
    expect(state.find("users", "constructor")).toBeUndefined();
    expect(state.find("users", 5)).toBeUndefined();
    expect(() => state.find("users", ["bo"])).toThrow(new PythonError("unhashable type: 'list'"));
    expect(() => state.get("users", "nobody")).toThrow(new PythonError("'nobody'"));
  });
});

describe("stateDifferences", () => {
  it("names the paths that differ, at most as many as asked", () => {
    const shared = database();
    const [actual, expected] = [new TauState(shared), new TauState(shared)];
    expect(stateDifferences(actual, expected, 20)).toEqual([]);
    actual.edit("users", "bo").tags = ["a", "b"];
    expected.edit("users", "ann").cash = 2;
    expected.put("zoo", "snow leopard", { fed: false });
    expect(stateDifferences(actual, expected, 20)).toEqual([
      "$.users.ann.cash",
      "$.users.bo.tags[1]",
      '$.zoo["snow leopard"]',
    ]);
    expect(stateDifferences(actual, expected, 2)).toHaveLength(2);
  });
});
