import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StoreError } from "../core/errors.js";
import { type JudgementStore, judgementFile, openJudgementStore } from "./judgement-store.js";
import { acknowledgedLines } from "./testing/acknowledged-lines.js";
import { sampleCalibration, sampleLabel, sampleSubject, sampleVerdict } from "./testing/judgement-samples.js";

const CHILD = new URL("./testing/judgement-store-child.ts", import.meta.url).pathname;

describe("JudgementStore", () => {
  let folder = "";
  let file = "";
  let store: JudgementStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "agentctl-judgements-"));
    file = judgementFile(join(folder, "deep"));
    store = openJudgementStore(file);
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });

  function reopen(): void {
    store.close();
    store = openJudgementStore(file);
  }

  it("gives back what was added, byte for byte, after it was closed", () => {
    const subject = sampleSubject("a", { slices: { tag: "x,y" } });
    const labels = [sampleLabel("1", { comment: 'a "quoted"\n漢字 line' }), sampleLabel("2")];
    const verdicts = [sampleVerdict("a"), sampleVerdict("a", { vote: 1, value: null, reason: "refusal" })];
    store.addItems([subject]);
    expect(store.addLabels(labels)).toBe(2);
    expect(store.addVerdicts(verdicts)).toBe(2);
    store.addCalibration(sampleCalibration("h1"), '{"n":1}');
    reopen();
    expect(store.item("a")).toEqual(subject);
    expect(store.item("b")).toBeNull();
    expect([...store.items()]).toEqual([subject]);
    expect(store.labels("tone")).toEqual(labels);
    expect(store.labels("other")).toEqual([]);
    expect(store.verdicts("tone")).toEqual(verdicts);
    expect(store.verdict(verdicts[1] as never)).toEqual(verdicts[1]);
    expect(store.verdict(sampleVerdict("a", { order: "swapped" }))).toBeNull();
    expect(store.calibration("v1")).toEqual(sampleCalibration("h1"));
    expect(store.calibrationReport("h1")).toBe('{"n":1}');
    expect(store.calibrationReport("h2")).toBeNull();
  });

  it("keeps the order in which labels were added, across rubrics", () => {
    const entries = ["c", "a", "b"].map((id, index) =>
      sampleLabel(id, { rubric: index === 1 ? "other" : "tone", at: `2026-11-2${3 - index}T00:00:00.000Z` }),
    );
    for (const entry of entries) store.addLabels([entry]);
    expect(store.labels()).toEqual(entries);
    expect(store.labels("tone").map(({ id }) => id)).toEqual(["c", "b"]);
  });

  it("never changes what is there: the first entry of an id, a vote or an item stays", () => {
    store.addItems([sampleSubject("a")]);
    store.addLabels([sampleLabel("1")]);
    store.addVerdicts([sampleVerdict("a")]);
    store.addItems([sampleSubject("a", { answer: "another" })]);
    expect(store.addLabels([sampleLabel("1", { value: "bad" }), sampleLabel("2")])).toBe(1);
    expect(store.addVerdicts([sampleVerdict("a", { value: "bad" }), sampleVerdict("b")])).toBe(1);
    expect(store.item("a")?.answer).toBe("Money back.");
    expect(store.labels().map(({ value }) => value)).toEqual(["good", "good"]);
    expect(store.verdicts("tone").map(({ value }) => value)).toEqual(["good", "good"]);
  });

  it.each([
    ["labels", () => store.addLabels([sampleLabel("1")])],
    ["verdicts", () => store.addVerdicts([sampleVerdict("a")])],
    ["calibrations", () => store.addCalibration(sampleCalibration("h"), "{}")],
  ])("refuses to change %s, whoever asks", (table, add) => {
    add();
    const other = new Database(file);
    const change = () => other.prepare(`UPDATE ${table} SET body = '{}'`).run();
    expect(change).toThrow(`${table} are append-only`);
    other.close();
  });

  it("adds labels all or none", () => {
    const broken = { ...sampleLabel("2"), item: null as never };
    expect(() => store.addLabels([sampleLabel("1"), broken])).toThrow(StoreError);
    expect(store.labels()).toEqual([]);
    expect(() =>
      store.addVerdicts([sampleVerdict("a"), { ...sampleVerdict("b"), vote: null as never }]),
    ).toThrow(StoreError);
    expect(store.verdicts("tone")).toEqual([]);
  });

  it("tells votes apart by version, item, text, order and number", () => {
    const votes = [
      sampleVerdict("a"),
      sampleVerdict("a", { judgeVersion: "v2" }),
      sampleVerdict("b"),
      sampleVerdict("a", { subjectHash: "s2" }),
      sampleVerdict("a", { order: "swapped" }),
      sampleVerdict("a", { vote: 1 }),
    ];
    expect(store.addVerdicts(votes)).toBe(votes.length);
    for (const vote of votes) expect(store.verdict(vote)).toEqual(vote);
  });

  it("lists judges by version in the order in which they first said something", () => {
    const later = "2026-11-22T00:00:00.000Z";
    store.addVerdicts([
      sampleVerdict("a", { judge: "z", judgeVersion: "z1" }),
      sampleVerdict("a"),
      sampleVerdict("b", { at: later }),
      sampleVerdict("a", { judgeVersion: "v2" }),
    ]);
    expect(store.judgesWithVerdicts()).toEqual([
      { judge: "z", judgeVersion: "z1", rubric: "tone", verdicts: 1, lastAt: sampleVerdict("a").at },
      { judge: "tone", judgeVersion: "v1", rubric: "tone", verdicts: 2, lastAt: later },
      { judge: "tone", judgeVersion: "v2", rubric: "tone", verdicts: 1, lastAt: sampleVerdict("a").at },
    ]);
  });

  it("answers with the calibration that was stored last", () => {
    for (const hash of ["h1", "h2"]) store.addCalibration(sampleCalibration(hash), `"${hash}"`);
    store.addCalibration(sampleCalibration("h3", { judgeVersion: "v2" }), '"h3"');
    expect(store.calibration("v1")?.reportHash).toBe("h2");
    expect(store.calibration("v3")).toBeNull();
    expect(store.calibrations().map(({ reportHash }) => reportHash)).toEqual(["h3", "h2", "h1"]);
    expect(store.calibrationReport("h1")).toBe('"h1"');
  });

  it("erases what concerns a person, to the last byte, and nothing else", () => {
    for (const name of ["Qxmine", "Qxother"]) {
      store.addItems([sampleSubject(name, { answer: `${name}Answer ${"-".repeat(9_000)}` })]);
      store.addLabels([sampleLabel(name, { comment: `${name}Comment` })]);
      store.addVerdicts([sampleVerdict(name, { reasoning: `${name}Reasoning` })]);
      store.addCalibration(sampleCalibration(name), JSON.stringify({ worst: `${name}Quote` }));
    }
    const erased = store.erase((json) => json.includes("Qxmine"));
    expect(erased).toEqual({ items: 1, labels: 1, verdicts: 1, calibrationReports: 1 });
    const bytes = readdirSync(join(folder, "deep")).map((name) =>
      readFileSync(join(folder, "deep", name)).toString("latin1"),
    );
    expect(bytes.join("")).not.toContain("Qxmine");
    expect(bytes.join("")).toContain("QxotherQuote");
    expect(store.labels().map(({ id }) => id)).toEqual(["Qxother"]);
    expect(store.item("Qxother")?.answer).toMatch(/^QxotherAnswer/);
    expect(store.calibrations().map(({ reportHash }) => reportHash)).toEqual(["Qxother"]);
    expect(store.erase(() => false)).toEqual({ items: 0, labels: 0, verdicts: 0, calibrationReports: 0 });
  });

  it("erases in the process alone as well", () => {
    const memory = openJudgementStore(":memory:");
    memory.addLabels([sampleLabel("1")]);
    expect(memory.erase(() => true).labels).toBe(1);
    expect(memory.labels()).toEqual([]);
    memory.close();
    expect(existsSync(":memory:")).toBe(false);
  });

  it("loses nothing that was acknowledged when the writer is killed with SIGKILL", async () => {
    const acknowledged = await writeInChild(file, "k", 1_000_000, 100);
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);
    const labels = new Set(store.labels().map(({ id }) => id));
    const verdicts = new Set(store.verdicts("tone").map(({ item }) => item));
    expect(acknowledged.filter((id) => !labels.has(id) || !verdicts.has(id))).toEqual([]);
    expect(labels.size - verdicts.size).toBeLessThanOrEqual(1);
  });

  it("lets two processes write at once, and a third read meanwhile", async () => {
    const writers = ["x", "y"].map((prefix) => writeInChild(file, prefix, 200, null));
    const seen = store.labels().length;
    const both = await Promise.all(writers);
    expect(both.map(({ length }) => length)).toEqual([200, 200]);
    expect(store.labels().length).toBe(400);
    expect(store.verdicts("tone").length).toBe(400);
    expect(seen).toBeLessThanOrEqual(400);
  });

  it("explains a file that is no database, and one of a newer agentctl", () => {
    const other = join(folder, "other.db");
    writeFileSync(other, "not a database, but long enough to be read as one\n".repeat(99));
    expect(() => openJudgementStore(other)).toThrow(/other\.db: cannot open the judgements: .*damaged/);
    const newer = new Database(join(folder, "newer.db"));
    newer.pragma("user_version = 99");
    newer.close();
    expect(() => openJudgementStore(join(folder, "newer.db"))).toThrow(/expected schema version 1, found 99/);
  });
});

/** Adds labels and verdicts from a child process; see {@link acknowledgedLines}. */
function writeInChild(file: string, prefix: string, count: number, killAfter: number | null) {
  return acknowledgedLines(CHILD, [file, prefix, String(count)], killAfter);
}
