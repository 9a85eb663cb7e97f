import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RouterError } from "../../core/errors.js";
import { sampleRelease } from "../testing/sample-release.js";
import { openEvidenceReader } from "./open-evidence-reader.js";
import type { StepLog } from "./release-evidence.js";
import { servedEvent } from "./testing/live-events.js";

const RELEASE = sampleRelease();
const STARTED = Date.parse("2026-11-22T00:00:30.000Z");
const STEPS: readonly StepLog[] = [{ step: 0, bps: 500, startedAt: STARTED, endedAt: null }];
const lineOf = (id: string) => `${JSON.stringify(servedEvent(`e-${id}`, `c-${id}`))}\n`;

describe("openEvidenceReader", () => {
  let folder = "";
  let now = STARTED + 60_000;
  const open = (events = ["events"]) =>
    openEvidenceReader(
      { service: "support", events },
      { folder, router: { stats: async () => [] }, capacity: null, clock: { now: () => now } },
    );
  const seen = async (reader: ReturnType<typeof open>) =>
    (await reader.read(RELEASE, STEPS)).conversations.map(({ id }) => id);

  beforeEach(() => {
    now = STARTED + 60_000;
    folder = mkdtempSync(join(tmpdir(), "evidence-"));
    mkdirSync(join(folder, "events"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("follows files as they grow, and waits for the end of a torn line", async () => {
    const file = join(folder, "events", "2026-11-22.jsonl");
    const reader = open();
    expect(await seen(reader)).toEqual([]);
    const second = lineOf("2ä");
    const cut = Buffer.from(second).indexOf("ä") + 1;
    writeFileSync(file, Buffer.concat([Buffer.from(lineOf("1")), Buffer.from(second).subarray(0, cut)]));
    expect(await seen(reader)).toEqual(["c-1"]);
    appendFileSync(file, Buffer.from(second).subarray(cut));
    expect(await seen(reader)).toEqual(["c-1", "c-2ä"]);
    expect(reader.counts).toMatchObject({ events: 2, duplicates: 0, broken: 0 });
  });

  it("reads a rotated file on, the new one too, and one that was cut again", async () => {
    const file = join(folder, "events", "live.jsonl");
    const reader = open();
    writeFileSync(file, lineOf("1"));
    await seen(reader);
    renameSync(file, join(folder, "events", "live.1.jsonl"));
    appendFileSync(join(folder, "events", "live.1.jsonl"), lineOf("2"));
    writeFileSync(file, lineOf("3"));
    expect(await seen(reader)).toEqual(["c-1", "c-2", "c-3"]);
    truncateSync(file, 0);
    await seen(reader);
    appendFileSync(file, lineOf("4"));
    expect(await seen(reader)).toEqual(["c-1", "c-2", "c-3", "c-4"]);
    expect(reader.counts?.duplicates).toBe(0);
  });

  it("reads a file that was deleted and written anew from its start, whatever inode it got", async () => {
    const file = join(folder, "events", "live.jsonl");
    const reader = open();
    writeFileSync(file, lineOf("1"));
    await seen(reader);
    rmSync(file);
    writeFileSync(file, `${lineOf("2")}${lineOf("3")}`);
    expect(await seen(reader)).toEqual(["c-1", "c-2", "c-3"]);
    expect(reader.counts?.broken).toBe(0);
  });

  it("takes no figures from a folder whose log was deleted while the router goes on", async () => {
    const file = join(folder, "events", "live.jsonl");
    let requests = 100;
    const arm = { arm: "canary" as const, isUp: true, errors: 0, redispatched: 0 };
    const router = { stats: async () => [{ ...arm, requests }] };
    const sources = { folder, router, capacity: null, clock: { now: () => now } };
    const reader = openEvidenceReader({ service: "support", events: ["events"] }, sources);
    const unreadable = async () => (await reader.read(RELEASE, STEPS)).unreadable;
    writeFileSync(file, lineOf("1"));
    expect(await unreadable()).toEqual([]);
    rmSync(file);
    requests += 500;
    now += 180_000;
    expect(await unreadable()).toEqual([
      { source: "events", reason: expect.stringContaining("the router served 500 requests since") },
    ]);
    writeFileSync(file, lineOf("2"));
    expect(await unreadable()).toEqual([]);
  });

  it("counts lines that are none, and events of other types, and goes on", async () => {
    const hostile = [
      "no json",
      "[1]",
      "null",
      `{"event_type":"request_served","event_id":"x","timestamp":"yesterday","conversation_id":"c","tenant_id":"t","payload":{}}`,
      `${"[".repeat(100_000)}`,
      JSON.stringify(servedEvent("bad", "c-bad", { latencyMs: -1 })),
      JSON.stringify(servedEvent("bad2", "c-bad", { bps: 20_000 })),
      JSON.stringify({ ...servedEvent("bad3", "c-bad"), conversation_id: 7 }),
      "x".repeat(3 * 1024 * 1024),
      JSON.stringify({ ...servedEvent("new", "c-new"), event_type: "msg_received" }),
    ];
    writeFileSync(join(folder, "events", "a.jsonl"), `${hostile.join("\n")}\n\n${lineOf("1")}`);
    writeFileSync(join(folder, "events", "notes.txt"), lineOf("2"));
    const reader = open();
    expect(await seen(reader)).toEqual(["c-1"]);
    expect(reader.counts).toMatchObject({ events: 1, broken: 9, otherTypes: 1 });
  });

  it("says what cannot be read, and reads the rest", async () => {
    writeFileSync(join(folder, "one.jsonl"), lineOf("1"));
    const reader = openEvidenceReader(
      { service: "support", events: ["one.jsonl", "gone"] },
      {
        folder,
        router: {
          stats: () =>
            Promise.reject(new RouterError("ROUTER_FAILED", "no socket", { nextStep: "start it" })),
        },
        capacity: {
          read: async () => [],
          unreadable: [{ source: "capacity of canary", reason: "HTTP 500" }],
        },
        clock: { now: () => now },
      },
    );
    const { conversations, unreadable } = await reader.read(RELEASE, STEPS);
    expect(conversations).toHaveLength(1);
    expect(unreadable).toEqual([
      { source: "events", reason: "gone: there is no such file or folder" },
      { source: "router", reason: "no socket; start it" },
      { source: "capacity of canary", reason: "HTTP 500" },
    ]);
  });

  it("waits for no pipe, names what is no file, and reads the rest", async () => {
    mkdirSync(join(folder, "events", "a.jsonl"));
    execFileSync("mkfifo", [join(folder, "events", "b.jsonl")]);
    writeFileSync(join(folder, "events", "c.jsonl"), lineOf("1"));
    const { conversations, unreadable } = await open().read(RELEASE, STEPS);
    expect(conversations).toHaveLength(1);
    expect(unreadable).toEqual(
      ["a", "b"].map((name) => ({
        source: "events",
        reason: `events/${name}.jsonl: it is no file with lines, expected one`,
      })),
    );
  });

  it("takes events of the future for events of now, also when the clock goes back", async () => {
    const reader = open();
    const append = (id: string, at: number) =>
      appendFileSync(
        join(folder, "events", "a.jsonl"),
        `${JSON.stringify(servedEvent(id, `c-${id}`, { latencyMs: 0 }, at))}\n`,
      );
    const times = async () =>
      (await reader.read(RELEASE, STEPS)).conversations.map(({ firstAt }) => firstAt - STARTED);
    append("made-up", STARTED + 365 * 86_400_000);
    append("true", STARTED + 1000);
    expect(await times()).toEqual([1000, 60_000]);
    now -= 3_600_000;
    append("later", STARTED + 61_000);
    expect(await times()).toEqual([1000, 60_000, 60_000]);
  });

  it("leaves out conversations that began at 0 after the rollout did", async () => {
    const after = servedEvent("9", "c-after", { bps: 0, arm: "stable", release: null }, STARTED + 5000);
    writeFileSync(join(folder, "events", "a.jsonl"), `${JSON.stringify(after)}\n${lineOf("1")}`);
    expect(await seen(open())).toEqual(["c-1"]);
  });

  it("reads 100,000 events in less than two seconds", async () => {
    const lines = Array.from({ length: 100_000 }, (_, index) =>
      JSON.stringify(servedEvent(`e-${index}`, `c-${index % 20_000}`)),
    );
    writeFileSync(join(folder, "events", "a.jsonl"), `${lines.join("\n")}\n`);
    const reader = open();
    const before = process.cpuUsage();
    expect(await seen(reader)).toHaveLength(20_000);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(2);
  });
});
