import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "../../../core/clock.js";
import type { SessionError } from "../../../core/errors.js";
import { forgetOwner, newOwner } from "../session-owner.js";
import type { NewSession, SessionStore } from "../session-store.js";

export const LEASE_MS = 1000;

/** What every store of sessions must do. `open` opens the same sessions again; each test has sessions of its own. */
export function sessionStoreContract(
  name: string,
  harness: () => { readonly open: (clock: Clock) => SessionStore; readonly isShared: boolean },
): void {
  describe(name, () => {
    let nowMs = 1_000_000;
    const clock: Clock = { now: () => nowMs, monotonic: () => nowMs };
    let open: (clock: Clock) => SessionStore;
    let isShared: boolean;
    let store: SessionStore;

    beforeEach(() => {
      nowMs = 1_000_000;
      ({ open, isShared } = harness());
      store = open(clock);
    });
    afterEach(() => store.close());

    const session = (id: string, changes: Partial<NewSession> = {}): NewSession => ({
      id,
      tenantId: "acme",
      userId: "u1",
      agentName: "support",
      agentVersion: "v1",
      ...changes,
    });
    const held = (id: string) => {
      const owner = newOwner();
      expect(store.claim(id, { owner, text: null, whenBusy: "reject" })).toEqual({ kind: "held" });
      return owner;
    };
    const codeOf = (work: () => unknown): string => {
      try {
        work();
      } catch (error) {
        return (error as SessionError).code;
      }
      return "none";
    };

    it("creates a session once, and finds it", () => {
      const made = store.create(session("s1"));
      expect(made).toEqual({
        ...session("s1"),
        version: 0,
        messageCount: 0,
        queuedCount: 0,
        isTurnOpen: false,
        createdAtMs: 1_000_000,
        updatedAtMs: 1_000_000,
      });
      expect(store.find("s1")).toEqual(made);
      expect(store.find("s2")).toBeNull();
      expect(codeOf(() => store.create(session("s1")))).toBe("SESSION_EXISTS");
      expect(codeOf(() => store.claim("s2", { owner: newOwner(), text: null, whenBusy: "queue" }))).toBe(
        "SESSION_UNKNOWN",
      );
    });

    it("keeps messages and notes in order, each with a new version", () => {
      store.create(session("s1"));
      const owner = held("s1");
      const log = store.log("s1", owner);
      const first = log.version;
      log.append({ role: "user", content: "Grüße \u0000 🙂" });
      log.append({
        role: "assistant",
        content: null,
        toolCalls: [{ id: "c", name: "t", arguments: { a: [1] } }],
      });
      log.setNote("plan", { steps: [1, 2] });
      log.setNote("gone", true);
      log.setNote("gone", null);
      expect(log.version).toBe(first + 5);
      const again = store.log("s1", owner);
      expect(again.messages).toEqual(log.messages);
      expect(store.messages("s1")).toEqual(log.messages);
      expect(again.note("plan")).toEqual({ steps: [1, 2] });
      expect(again.note("gone")).toBeUndefined();
    });

    it("refuses a writer that did not see the last version", () => {
      store.create(session("s1"));
      const owner = held("s1");
      const [one, two] = [store.log("s1", owner), store.log("s1", owner)];
      one.append({ role: "user", content: "first" });
      expect(codeOf(() => two.append({ role: "user", content: "second" }))).toBe("SESSION_CONFLICT");
      expect(codeOf(() => two.setNote("a", 1))).toBe("SESSION_CONFLICT");
      expect(two.messages).toEqual([]);
      expect(store.messages("s1")).toEqual([{ role: "user", content: "first" }]);
    });

    it("lets one owner in; messages of others queue in order, or are refused", () => {
      store.create(session("s1"));
      const owner = held("s1");
      const other = newOwner();
      const claim = (text: string | null, whenBusy: "queue" | "reject") =>
        store.claim("s1", { owner: other, text, whenBusy });
      expect(claim("a", "queue")).toEqual({ kind: "busy", holder: owner, queued: 1 });
      expect(claim("b", "queue")).toEqual({ kind: "busy", holder: owner, queued: 2 });
      expect(claim("c", "reject")).toEqual({ kind: "busy", holder: owner, queued: null });
      const taken: string[] = [];
      for (let next = store.nextOrRelease("s1", owner); next !== null; ) {
        taken.push(next.text);
        const log = store.log("s1", owner);
        log.take(next);
        expect(store.find("s1")?.isTurnOpen).toBe(false);
        log.append({ role: "user", content: next.text });
        expect(store.find("s1")?.isTurnOpen).toBe(true);
        log.closeTurn();
        next = store.nextOrRelease("s1", owner);
      }
      expect(taken).toEqual(["a", "b"]);
      expect(claim(null, "reject")).toEqual({ kind: "held" });
    });

    it("ends the claim of a process that is gone, and of one that no longer renews", () => {
      store.create(session("s1"));
      const gone = held("s1");
      forgetOwner(gone);
      const hanging = held("s1");
      nowMs += LEASE_MS - 1;
      expect(store.renew("s1", hanging)).toBe(true);
      nowMs += LEASE_MS - 1;
      const next = newOwner();
      const claim = () => store.claim("s1", { owner: next, text: null, whenBusy: "reject" }).kind;
      expect(claim()).toBe("busy");
      nowMs += 1;
      expect(claim()).toBe("held");
      expect(store.renew("s1", hanging)).toBe(false);
      expect(codeOf(() => store.log("s1", hanging).append({ role: "user", content: "late" }))).toBe(
        "SESSION_CONFLICT",
      );
    });

    it("a former owner cannot release or write over its successor", () => {
      store.create(session("s1"));
      const former = held("s1");
      const log = store.log("s1", former);
      nowMs += LEASE_MS;
      const owner = held("s1");
      store.release("s1", former);
      expect(store.claim("s1", { owner: newOwner(), text: null, whenBusy: "reject" }).kind).toBe("busy");
      expect(codeOf(() => log.append({ role: "user", content: "late" }))).toBe("SESSION_CONFLICT");
      store.log("s1", owner).append({ role: "user", content: "mine" });
    });

    it("lists sessions by tenant and user, the last written first", () => {
      store.create(session("a"));
      nowMs += 1;
      store.create(session("b", { userId: null }));
      nowMs += 1;
      store.create(session("c", { tenantId: "globex" }));
      const ids = (...filter: Parameters<SessionStore["list"]>) => store.list(...filter).map(({ id }) => id);
      expect(ids()).toEqual(["c", "b", "a"]);
      expect(ids({ tenantId: "acme" })).toEqual(["b", "a"]);
      expect(ids({ tenantId: "acme", userId: "u1" })).toEqual(["a"]);
      expect(ids({ userId: null })).toEqual(["b"]);
      expect(ids({ limit: 1 })).toEqual(["c"]);
    });

    it("deletes what belongs to a user, and nothing else", () => {
      for (const id of ["a", "b"]) {
        store.create(session(id));
        const owner = held(id);
        const log = store.log(id, owner);
        log.append({ role: "user", content: "hello" });
        log.setNote("n", 1);
        store.claim(id, { owner: newOwner(), text: "queued", whenBusy: "queue" });
        store.release(id, owner);
      }
      store.create(session("c", { userId: "u2" }));
      store.create(session("d", { tenantId: "globex" }));
      const none = { sessions: 0, messages: 0, notes: 0, queued: 0, effects: 0 };
      expect(store.deleteUser("acme", "u1")).toEqual({
        ...none,
        sessions: 2,
        messages: 2,
        notes: 2,
        queued: 2,
      });
      expect(store.deleteUser("acme", "u1")).toEqual(none);
      expect(store.list().map(({ id }) => id)).toEqual(["d", "c"]);
      expect(store.delete("c")).toEqual({ ...none, sessions: 1 });
      expect(store.messages("a")).toEqual([]);
    });

    it("is the same for every opener", () => {
      if (!isShared) return;
      const other = open(clock);
      store.create(session("s1"));
      const owner = held("s1");
      expect(other.claim("s1", { owner: newOwner(), text: "x", whenBusy: "queue" })).toMatchObject({
        kind: "busy",
        queued: 1,
      });
      expect(store.nextOrRelease("s1", owner)?.text).toBe("x");
      other.close();
    });
  });
}
