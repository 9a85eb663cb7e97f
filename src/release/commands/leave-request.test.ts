import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import type { ReleaseJournal } from "../journal/journal.js";
import { openReleaseJournal } from "../journal/open-release-journal.js";
import { samplePlan } from "../journal/testing/journal-samples.js";
import type { ReleaseState } from "../machine/state.js";
import { leaveRequest, type RequestFlags, type RequestVerb } from "./leave-request.js";
import type { OpenService } from "./open-service.js";

let journal: ReleaseJournal;
beforeEach(() => {
  journal = openReleaseJournal(":memory:");
  journal.create({ id: "rel-1", plan: samplePlan(), author: "ana", at: 0 });
});
afterEach(() => journal.close());

function stand(state: ReleaseState): void {
  const { epoch } = journal.seizeLease("support", "test", 0, 1);
  journal.append("rel-1", { epoch, at: 0, rows: [], patch: { state } });
}

const ask = (verb: RequestVerb, flags: RequestFlags = {}) =>
  leaveRequest(
    { journal, config: { service: "support" } as OpenService["config"], file: "release.yaml", folder: "." },
    verb,
    flags,
    { actor: "bo", clock: systemClock },
  );

describe("leaveRequest", () => {
  it.each<[RequestVerb, RequestFlags, string]>([
    ["reject", {}, "expected --reason"],
    ["reject", { reason: "  " }, "expected --reason"],
    ["promote", { force: true }, "expected --reason"],
    ["promote", {}, "promoted by itself"],
    ["extend", {}, "such as 30m or 1h, found none"],
    ["extend", { by: "soon" }, "such as 30m or 1h, found soon"],
    ["extend", { by: "0s" }, "such as 30m"],
  ])("%s %o is refused", async (verb, flags, message) => {
    stand({ name: "PAUSED", step: 0, reason: "approval" });
    const asked = ask(verb, flags);
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(message);
    expect(journal.requests("rel-1")).toEqual([]);
  });

  it("approves the promotion after the last step", async () => {
    stand({ name: "PAUSED", step: 1, reason: "approval" });
    expect(await ask("promote")).toMatchObject({ request: "approve", outcome: "waiting" });
    expect(journal.requests("rel-1")[0]?.event.type).toBe("approved");
  });

  it("promotes without the steps that are left, by force", async () => {
    stand({ name: "PAUSED", step: 0, reason: "drift" });
    await ask("promote", { force: true, reason: "the fix" });
    expect(journal.requests("rel-1")[0]?.event).toEqual({
      type: "promotion-forced",
      actor: "bo",
      reason: "the fix",
    });
  });

  it("does not wait for a controller that is silent", async () => {
    stand({ name: "BAKING", step: 0 });
    journal.seizeLease("support", "silent", systemClock.now() - 60_000, 1000);
    expect(await ask("pause")).toMatchObject({ outcome: "waiting", hasController: false });
  });

  it("records what the state refuses, and leaves nothing", async () => {
    stand({ name: "WATCHING" });
    await expect(ask("pause")).rejects.toThrow("pause-requested is not possible in WATCHING");
    expect(journal.requests("rel-1")).toEqual([]);
    expect(journal.rows("rel-1")).toMatchObject([{ kind: "note", event: "refused", actor: "bo" }]);
  });
});
