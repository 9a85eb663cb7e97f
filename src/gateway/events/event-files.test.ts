import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LiveEvent } from "../../core/live-event.js";
import { ManualClock } from "../testing/manual-clock.js";
import { EventFiles, type EventFilesOptions } from "./event-files.js";

let root: string;
let folder: string;
let clock: ManualClock;
let problems: Error[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "agentctl-"));
  folder = join(root, "events");
  clock = new ManualClock();
  clock.ms = Date.parse("2026-11-22T23:59:59.000Z");
  problems = [];
});
afterEach(() => rmSync(root, { recursive: true }));

function filesOf(options: Partial<EventFilesOptions> = {}): EventFiles {
  return new EventFiles({ folder, clock, onProblem: (error) => problems.push(error), ...options });
}

function event(id: string, rule = "r"): LiveEvent {
  return {
    event_id: id,
    event_type: "safety_violation",
    timestamp: "2026-11-22T10:00:00.000Z",
    conversation_id: "c",
    tenant_id: "t",
    trace_id: "x",
    payload: { rule, severity: "soft", verified: false },
  };
}

/** Ids by file; lines that are no JSON are left out, as readers do. */
function idsOnDisk(): Record<string, string[]> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, idsIn(readFileSync(join(folder, name), "utf8"))]));
}

function idsIn(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    try {
      return [(JSON.parse(line) as LiveEvent).event_id];
    } catch {
      return [];
    }
  });
}

describe("the event log", () => {
  it("keeps order over batches, days and sizes, a file each", async () => {
    const files = filesOf({ maxFileBytes: 300 });
    for (const id of ["1", "2"]) files.emit(event(id));
    await files.flush();
    files.emit(event("3"));
    await files.flush();
    clock.ms += 1_000;
    files.emit(event("4"));
    await files.close();
    expect(idsOnDisk()).toEqual({
      "2026-11-22.1.jsonl": ["3"],
      "2026-11-22.jsonl": ["1", "2"],
      "2026-11-23.jsonl": ["4"],
    });
    expect(files.status()).toEqual({ written: 4, lost: 0, waiting: 0, failure: null });
  });

  it("loses no line to one that a killed process left torn", async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "2026-11-22.jsonl"), `${JSON.stringify(event("1"))}\n{"event_id":"to`);
    const files = filesOf();
    files.emit(event("2"));
    await files.close();
    expect(idsOnDisk()).toEqual({ "2026-11-22.jsonl": ["1", "2"] });
  });

  it("writes into one file from two processes without mixing lines", async () => {
    const [one, two] = [filesOf(), filesOf()];
    for (let index = 0; index < 50; index += 1) {
      one.emit(event(`a${index}`));
      two.emit(event(`b${index}`));
      if (index % 10 === 0) await Promise.all([one.flush(), two.flush()]);
    }
    await Promise.all([one.close(), two.close()]);
    expect(idsOnDisk()["2026-11-22.jsonl"]).toHaveLength(100);
  });

  it("keeps events in memory while the folder cannot be made, and says so once", async () => {
    writeFileSync(folder, "a file where the folder should be");
    const files = filesOf();
    files.emit(event("1"));
    await files.flush();
    files.emit(event("2"));
    await files.flush();
    expect(files.status()).toMatchObject({ written: 0, lost: 0, waiting: 2, failure: "EEXIST" });
    expect(problems).toHaveLength(1);
    rmSync(folder);
    await files.flush();
    expect(idsOnDisk()).toEqual({ "2026-11-22.jsonl": ["1", "2"] });
    await files.close();
    expect(files.status()).toEqual({ written: 2, lost: 0, waiting: 0, failure: null });
  });

  it("counts what it loses: too much in memory, too long a line, and what waits at the end", async () => {
    writeFileSync(folder, "a file where the folder should be");
    const files = filesOf({ maxWaitingBytes: 400 });
    for (const id of ["1", "2", "3"]) files.emit(event(id));
    files.emit(event("4", "r".repeat(70_000)));
    expect(files.lost()).toBe(2);
    await files.close();
    files.emit(event("5"));
    expect(files.lost()).toBe(5);
  });

  it("goes on when a full disk has room again", async () => {
    mkdirSync(folder);
    symlinkSync("/dev/full", join(folder, "2026-11-22.jsonl"));
    const files = filesOf();
    files.emit(event("1"));
    await files.flush();
    expect(files.status()).toMatchObject({ written: 0, lost: 0, waiting: 1, failure: "ENOSPC" });
    rmSync(join(folder, "2026-11-22.jsonl"));
    await files.close();
    expect(idsOnDisk()).toEqual({ "2026-11-22.jsonl": ["1"] });
  });

  it.each([
    ["its file", () => rmSync(join(folder, "2026-11-22.jsonl"))],
    ["its folder", () => rmSync(folder, { recursive: true })],
  ])("goes on in a new file when somebody deleted %s", async (_, remove) => {
    const files = filesOf();
    files.emit(event("1"));
    await files.flush();
    remove();
    files.emit(event("2"));
    await files.close();
    expect(idsOnDisk()).toEqual({ "2026-11-22.jsonl": ["2"] });
  });

  it("sees what others append", async () => {
    const files = filesOf();
    files.emit(event("1"));
    await files.flush();
    appendFileSync(join(folder, "2026-11-22.jsonl"), `${JSON.stringify(event("app"))}\n`);
    files.emit(event("2"));
    await files.close();
    expect(idsOnDisk()["2026-11-22.jsonl"]).toEqual(["1", "app", "2"]);
  });
});
