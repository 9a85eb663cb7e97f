import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ReleaseJournal } from "../journal/journal.js";
import { holderName } from "../journal/lease-holder.js";
import { openReleaseJournal } from "../journal/open-release-journal.js";
import { freeDeadLease } from "./free-dead-lease.js";

const HOUR = 3_600_000;

let journal: ReleaseJournal;
let notes: string[];
beforeEach(() => {
  journal = openReleaseJournal(":memory:");
  notes = [];
});
afterEach(() => journal.close());

const free = (now = 0, signal = new AbortController().signal) =>
  freeDeadLease("support", {
    journal,
    clock: { now: () => now },
    note: (text) => notes.push(text),
    signal,
    silenceMs: 30,
  });

describe("freeDeadLease", () => {
  it.runIf(process.platform === "linux")("frees the lease of a process that was killed here", async () => {
    const child = spawn("sleep", ["60"]);
    const holder = holderName().replace(/:\d+@/, `:${child.pid}@`);
    journal.acquireLease("support", holder, 0, 30_000);
    child.kill("SIGKILL");
    await once(child, "exit");
    await free();
    expect(journal.lease("support")).toBeNull();
    expect(journal.acquireLease("support", "next", 0, 30_000)).toMatchObject({ holder: "next", epoch: 2 });
  });

  it.each([
    ["a process that lives here", holderName()],
    ["somebody elsewhere", "other:1"],
  ])("leaves the lease of %s", async (_, holder) => {
    journal.acquireLease("support", holder, 0, 30_000);
    await free();
    expect(journal.lease("support")).toMatchObject({ holder });
    expect(notes).toEqual([]);
  });

  it("frees one that ends too late and is not renewed: the clock went back", async () => {
    journal.acquireLease("support", "other:1", HOUR, 30_000);
    await free();
    expect(journal.lease("support")).toBeNull();
    expect(notes).toEqual([
      "the lease of other:1 ends in 61 min, and none lasts that long: a clock was moved; watched for 0 s",
      "other:1 did not renew its lease: taken over",
    ]);
  });

  it("leaves one that is renewed by a clock that is ahead", async () => {
    const lease = journal.acquireLease("support", "other:1", HOUR, 30_000);
    const freeing = free();
    journal.renewLease(lease, HOUR + 1, 30_000);
    await freeing;
    expect(journal.lease("support")).toMatchObject({ holder: "other:1" });
  });

  it("leaves it to the end when it is interrupted", async () => {
    journal.acquireLease("support", "other:1", HOUR, 30_000);
    await free(0, AbortSignal.abort());
    expect(journal.lease("support")).not.toBeNull();
  });
});
