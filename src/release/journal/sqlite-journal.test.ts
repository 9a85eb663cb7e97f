import { spawnSync } from "node:child_process";
import { copyFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StoreError } from "../../core/errors.js";
import { acknowledgedLines } from "../../store/testing/acknowledged-lines.js";
import { openReleaseJournal } from "./open-release-journal.js";
import { describeJournalContract } from "./testing/journal-contract.js";
import { samplePlan, sampleRow } from "./testing/journal-samples.js";

const CHILD = fileURLToPath(new URL("./testing/journal-child.ts", import.meta.url));
const MODULE = new URL("./open-release-journal.ts", import.meta.url).href;

const createLocation = async () => join(await mkdtemp(join(tmpdir(), "agentctl-journal-")), "releases.db");
const removeLocation = (file: string) => rm(join(file, ".."), { recursive: true });

describeJournalContract("SQLite in a file", { createLocation, open: openReleaseJournal, removeLocation });
describeJournalContract("SQLite in memory", {
  createLocation: async () => ":memory:",
  open: openReleaseJournal,
  removeLocation: async () => undefined,
});

describe("the journal in a file", () => {
  let file = "";
  beforeEach(async () => {
    file = await createLocation();
    const journal = openReleaseJournal(file);
    journal.create({ id: "rel-1", plan: samplePlan(), author: "ana", at: 0 });
    journal.close();
  });
  afterEach(() => removeLocation(file));

  const child = (count: number, padding = 0) => [
    MODULE,
    "openReleaseJournal",
    file,
    "rel-1",
    String(count),
    String(padding),
  ];
  /** What the file holds: pairs of rows, and how far the release went. */
  const held = () => {
    const journal = openReleaseJournal(file);
    const rows = journal.rows("rel-1");
    const bakedMs = journal.get("rel-1")?.bakedMs;
    journal.close();
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
    expect(rows.filter(({ kind }) => kind === "intent")).toHaveLength(rows.length / 2);
    return { pairs: rows.length / 2, bakedMs, numbers: rows.map(({ targetBps }) => targetBps) };
  };

  it("loses nothing that was confirmed and holds nothing by halves when its writer is killed", async () => {
    for (const killAfter of [2, 41]) {
      const before = held().pairs;
      const lines = await acknowledgedLines(CHILD, child(1_000_000), killAfter);
      const confirmed = lines.filter((line) => line.startsWith("row ")).length;
      const { pairs, bakedMs, numbers } = held();
      expect(confirmed).toBeGreaterThanOrEqual(killAfter - 1);
      const added = pairs - before;
      // The one that was under way may be there or not; its row, its partner and its patch go together.
      expect([confirmed, confirmed + 1]).toContain(added);
      expect(bakedMs).toBe(added - 1);
      const ofThis = numbers.slice(before * 2);
      expect(ofThis).toEqual(Array.from({ length: added }, (_, index) => [index, index]).flat());
    }
  });

  it("fences a process as soon as another one takes over", async () => {
    const writing = acknowledgedLines(CHILD, child(1_000_000), null);
    const journal = openReleaseJournal(file);
    while (journal.rows("rel-1").length === 0) await setTimeout(5);
    const { epoch } = journal.seizeLease("support", "test", Date.now(), 60_000);
    journal.append("rel-1", { epoch, at: 0, rows: [sampleRow({ kind: "intent" }), sampleRow()] });
    const lines = await writing;
    const epochs = journal.rows("rel-1").map((row) => row.epoch);
    journal.close();
    expect(lines.at(-1)).toMatch(/^refused RELEASE_FENCED /);
    const written = lines.filter((line) => line.startsWith("row ")).length;
    expect(epochs).toEqual([...Array.from({ length: written * 2 }, () => 1), 2, 2]);
  });

  it("fails on a full disk with nothing half-written, and goes on once there is room", () => {
    // Node is killed by SIGXFSZ unless it is ignored; then the write fails as on a full disk.
    const limited = `trap '' XFSZ; ulimit -f 400; exec "$0" --import tsx "$@"`;
    const { stdout } = spawnSync("bash", ["-c", limited, process.execPath, CHILD, ...child(1000, 20_000)], {
      encoding: "utf8",
    });
    const lines = stdout.trim().split("\n");
    expect(lines.at(-1)).toMatch(/^refused STORE_FAILED .*cannot write to the journal: the disk is full/);
    const confirmed = lines.filter((line) => line.startsWith("row ")).length;
    expect(held()).toMatchObject({ pairs: confirmed, bakedMs: confirmed - 1 });
    const journal = openReleaseJournal(file);
    const { epoch } = journal.seizeLease("support", "test", 0, 1);
    journal.append("rel-1", { epoch, at: 0, rows: [sampleRow({ kind: "intent" }), sampleRow()] });
    journal.close();
    expect(held().pairs).toBe(confirmed + 1);
  });

  it("lets nobody rewrite a row, or what it rests on", () => {
    const database = new Database(file);
    const change = (sql: string) => () => database.exec(sql);
    const journal = openReleaseJournal(file);
    const { epoch } = journal.seizeLease("support", "test", 0, 1);
    journal.append("rel-1", { epoch, at: 0, rows: [sampleRow()], evidence: ["kept"] });
    for (const table of ["rows", "evidence"]) {
      expect(change(`DELETE FROM ${table}`)).toThrow("append-only");
    }
    expect(change("UPDATE rows SET reason = ''")).toThrow("append-only");
    database.close();
    journal.close();
  });

  it.each([
    ["was deleted or moved away", () => rename(file, `${file}-gone`)],
    [
      "was replaced by another file",
      () => copyFile(file, `${file}-new`).then(() => rename(`${file}-new`, file)),
    ],
  ])("writes nothing more into a file that %s", async (what, change) => {
    const journal = openReleaseJournal(file);
    const lease = journal.acquireLease("support", "test", 0, 1000);
    await change();
    expect(() => journal.renewLease(lease, 1, 1000)).toThrow(`${file}: the journal ${what}`);
    expect(() => journal.append("rel-1", { epoch: lease.epoch, at: 0, rows: [sampleRow()] })).toThrow(what);
    journal.close();
  });

  it("says what is wrong with a file that is none, and advises nobody to begin a new one", async () => {
    await writeFile(
      `${file}-text`,
      "not a database, but long enough to look like the start of one\n".repeat(20),
    );
    expect(problemOf(`${file}-text`)).toMatchObject({
      message: expect.stringContaining("damaged or not an SQLite database"),
      nextStep: expect.stringMatching(/^Restore a copy of .*rollback --force --reason/),
    });
    const other = new Database(`${file}-other`);
    other.pragma("user_version = 1");
    other.close();
    expect(problemOf(`${file}-other`)).toMatchObject({
      nextStep: expect.stringContaining("correct `journal` in release.yaml"),
    });
  });
});

function problemOf(file: string): StoreError {
  try {
    openReleaseJournal(file).close();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error("expected no journal");
}
