import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MemoryScope, NewFact } from "./fact.js";
import { openMemoryDatabase } from "./memory-database.js";
import { type MemoryStore, openMemoryStore } from "./memory-store.js";
import { ADA, newFact } from "./testing/facts.js";

const BEN: MemoryScope = { ...ADA, userId: "ben" };
const OTHER_ADA: MemoryScope = { ...ADA, tenantId: "globex" };
const TRIAL: MemoryScope = { ...ADA, space: "trial-1" };

let now = 5_000;
const clock = { now: () => now, monotonic: () => now };
let store: MemoryStore;
beforeEach(() => {
  now = 5_000;
  store = openMemoryStore(":memory:", clock);
});
afterEach(() => store.close());

const city = (id: string, text: string, observedAtMs: number): NewFact =>
  newFact({ id, kind: "profile", attribute: "residence", text, observedAtMs });
const texts = (scope: MemoryScope) => store.current(scope).map(({ text }) => text);

describe("facts that contradict each other", () => {
  it("keeps the newest and the history", () => {
    expect(store.put(ADA, [city("a", "lives in Lyon", 1)])).toMatchObject([{ outcome: "added" }]);
    expect(store.put(ADA, [city("b", "lives in Oslo", 2)])).toMatchObject([{ id: "b", replaces: "a" }]);
    expect(texts(ADA)).toEqual(["lives in Oslo"]);
    expect(store.history(ADA)).toMatchObject([
      { id: "b", retiredAtMs: null, replacedBy: null },
      { id: "a", retiredAtMs: 2, replacedBy: "b", text: "lives in Lyon" },
    ]);
  });

  it("keeps the newest when it is written before the older one", () => {
    store.put(ADA, [city("b", "lives in Oslo", 2)]);
    const written = store.put(ADA, [city("a", "lives in Lyon", 1)]);
    expect(written).toEqual([{ id: "a", kind: "profile", outcome: "outdated", replaces: null }]);
    expect(texts(ADA)).toEqual(["lives in Oslo"]);
    expect(store.history(ADA)).toMatchObject([{ id: "b" }, { id: "a", replacedBy: "b" }]);
  });

  it("is the same in whichever order distinct times are written", () => {
    const facts = [1, 2, 3, 4].map((time) => city(`f${time}`, `lives in place ${time}`, time));
    fc.assert(
      fc.property(fc.shuffledSubarray(facts, { minLength: 4 }), fc.uuid(), (order, userId) => {
        const scope = { ...ADA, userId };
        for (const fact of order) store.put(scope, [fact]);
        expect(texts(scope)).toEqual(["lives in place 4"]);
        expect(store.history(scope).map(({ id }) => id)).toEqual(["f4", "f3", "f2", "f1"]);
      }),
      { numRuns: 30 },
    );
  });

  it("makes a fact that is said again as fresh as that, in other letters too", () => {
    store.put(ADA, [city("a", "lives in Oslo", 1)]);
    const again = store.put(ADA, [{ ...city("b", "Lives in  OSLO", 9), attribute: "Residence " }]);
    expect(again).toMatchObject([{ id: "a", outcome: "confirmed" }]);
    expect(store.history(ADA)).toMatchObject([{ id: "a", observedAtMs: 9 }]);
  });

  it("shows subjects and properties as they were given", () => {
    store.put(ADA, [newFact({ subject: "A-1042", attribute: "Open Issue" })]);
    expect(store.current(ADA)).toMatchObject([{ subject: "A-1042", attribute: "Open Issue" }]);
  });

  it("keeps properties of different subjects apart", () => {
    const issue = (id: string, subject: string) =>
      newFact({ id, kind: "issue", subject, attribute: "open issue", text: `late: ${subject}` });
    store.put(ADA, [issue("a", "A-1"), issue("b", "A-2")]);
    expect(store.current(ADA)).toHaveLength(2);
    store.retire(ADA, ["a"]);
    expect(texts(ADA)).toEqual(["late: A-2"]);
    expect(store.history(ADA)).toHaveLength(2);
  });

  it("writes all facts or none", () => {
    expect(() => store.put(ADA, [newFact({ id: "a" }), newFact({ id: "a", attribute: "pet" })])).toThrow(
      /memory/,
    );
    expect(store.history(ADA)).toEqual([]);
  });
});

describe("isolation", () => {
  it("keeps tenants, users and trials apart in every method", () => {
    const scopes = [ADA, BEN, OTHER_ADA, TRIAL];
    const told = (scope: MemoryScope) => `${scope.tenantId} ${scope.userId} ${scope.space}`;
    for (const scope of scopes) {
      store.put(scope, [newFact({ id: "f", text: told(scope), source: told(scope) })]);
      store.putVectors(scope, "m", new Map([["f", Float32Array.of(scopes.indexOf(scope))]]));
    }
    for (const scope of scopes) {
      expect(texts(scope)).toEqual([told(scope)]);
      expect(store.history(scope).map(({ text }) => text)).toEqual([told(scope)]);
      expect(store.sources(scope)).toEqual([told(scope)]);
      expect(store.vectors(scope, "m")).toEqual(new Map([["f", Float32Array.of(scopes.indexOf(scope))]]));
    }
    store.retire(BEN, ["f"]);
    store.put(BEN, [newFact({ id: "g", text: "another" })]);
    expect(store.forget(ADA, {})).toEqual({ facts: 1, vectors: 1 });
    expect(texts(ADA)).toEqual([]);
    for (const scope of [OTHER_ADA, TRIAL]) {
      expect(texts(scope)).toEqual([told(scope)]);
      expect(store.vectors(scope, "m").size).toBe(1);
    }
    store.forgetSpace("trial-1");
    expect(texts(TRIAL)).toEqual([]);
    expect(texts(OTHER_ADA)).toEqual([told(OTHER_ADA)]);
    expect(store.ownerOf("g")).toEqual(BEN);
  });

  it("takes names that look like patterns or code as they are", () => {
    const names = ["%", "_", "ada' OR '1'='1", "ada\0", "Ada", " ada"];
    for (const userId of names) {
      store.put({ ...ADA, userId }, [newFact({ id: userId, text: `of ${JSON.stringify(userId)}` })]);
    }
    for (const userId of names) expect(texts({ ...ADA, userId })).toEqual([`of ${JSON.stringify(userId)}`]);
    expect(texts(ADA)).toEqual([]);
  });
});

describe("expiry", () => {
  it("hides a fact from the moment on that it expires, and removes it at the next opening", () => {
    store.put(ADA, [newFact({ id: "a", expiresAtMs: 6_000 })]);
    expect(texts(ADA)).toEqual(["paints"]);
    now = 6_000;
    expect(store.current(ADA)).toEqual([]);
    expect(store.history(ADA)).toEqual([]);
    expect(store.sweep()).toBe(1);
    expect(store.sweep()).toBe(0);
  });

  it("lasts longer when it is said again", () => {
    store.put(ADA, [newFact({ id: "a", expiresAtMs: 6_000 })]);
    store.put(ADA, [newFact({ id: "b", observedAtMs: 3_000, expiresAtMs: 9_000 })]);
    now = 8_999;
    expect(texts(ADA)).toEqual(["paints"]);
    now = 9_000;
    expect(texts(ADA)).toEqual([]);
  });
});

describe("selective forgetting", () => {
  beforeEach(() => {
    store.put(ADA, [city("a", "lives in Lyon", 1)]);
    store.put(ADA, [city("b", "lives in Oslo", 2), newFact({ id: "h" })]);
  });

  it("takes the history that a fact replaced along", () => {
    expect(store.forget(ADA, { ids: ["b"] })).toEqual({ facts: 2, vectors: 0 });
    expect(store.history(ADA).map(({ id }) => id)).toEqual(["h"]);
  });

  it("leaves the current fact when an older one is named", () => {
    expect(store.forget(ADA, { ids: ["a"] }).facts).toBe(1);
    expect(texts(ADA)).toContain("lives in Oslo");
  });

  it("takes one kind", () => {
    expect(store.forget(ADA, { kind: "profile" }).facts).toBe(2);
    expect(store.history(ADA).map(({ id }) => id)).toEqual(["h"]);
  });

  it("does not reach the facts of others by their ids", () => {
    expect(store.forget(BEN, { ids: ["a", "b", "h"] })).toEqual({ facts: 0, vectors: 0 });
    expect(store.history(ADA)).toHaveLength(3);
  });
});

describe("a memory on the disk", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "agentctl-memory-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is there for the next process, and leaves no byte of what was erased", () => {
    const file = join(folder, "memory.db");
    const first = openMemoryStore(file, clock);
    first.put(ADA, [newFact({ id: "a", text: `kestrel ${"long ".repeat(2_000)}` })]);
    first.put(BEN, [newFact({ id: "b", text: "heron" })]);
    first.close();
    const second = openMemoryStore(file, clock);
    expect(second.current(ADA)).toHaveLength(1);
    expect(readFileSync(file).includes("kestrel")).toBe(true);
    second.forget(ADA, {});
    second.erase();
    expect(readFileSync(file).includes("kestrel")).toBe(false);
    expect(readFileSync(`${file}-wal`)).toHaveLength(0);
    expect(second.current(BEN)).toHaveLength(1);
    second.close();
  });

  it("refuses a file of a newer agentctl, and one that is no database", () => {
    const file = join(folder, "memory.db");
    const database = openMemoryDatabase(file);
    database.pragma("user_version = 99");
    database.close();
    expect(() => openMemoryStore(file, clock)).toThrow(/expected schema version 1, found 99/);
    expect(() => openMemoryStore(folder, clock)).toThrow(/memory/);
  });
});
