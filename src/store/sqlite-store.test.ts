import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AgentctlError, StoreError } from "../core/errors.js";
import type { Trial } from "../core/trial.js";
import { storeFailure } from "./sqlite-failure.js";
import { openSqliteStore } from "./sqlite-store.js";
import { openTestStore } from "./testing/sqlite-test-store.js";
import { describeStoreContract } from "./testing/store-contract.js";
import { sampleRow, sampleRun, sampleTrial } from "./testing/store-samples.js";

describeStoreContract("SQLite", {
  createLocation: async () => join(mkdtempSync(join(tmpdir(), "agentctl-store-")), "deep", "agentctl.db"),
  open: openTestStore,
  childModule: new URL("./testing/sqlite-test-store.ts", import.meta.url).href,
  childExport: "openTestStore",
  removeLocation: async (location) => rmSync(join(location, "..", ".."), { recursive: true }),
});

describe("openSqliteStore", () => {
  let folder = "";
  let file = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "agentctl-store-"));
    file = join(folder, "agentctl.db");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function failureOf(action: () => unknown): AgentctlError {
    try {
      action();
    } catch (error) {
      if (error instanceof AgentctlError) return error;
      throw error;
    }
    throw new Error("expected a failure, found none");
  }

  it("uses WAL", () => {
    openTestStore(file).close();
    const database = new Database(file, { readonly: true });
    expect(database.pragma("journal_mode", { simple: true })).toBe("wal");
    database.close();
  });

  it("refuses a store that a newer agentctl wrote and leaves it alone", () => {
    const newer = new Database(file);
    newer.pragma("user_version = 99");
    newer.close();
    const failure = failureOf(() => openTestStore(file));
    expect(failure).toBeInstanceOf(StoreError);
    expect(failure.message).toMatch(/expected schema version \d+ or older, found 99$/);
    expect(failure.nextStep).toMatch(/Update agentctl/);
  });

  it("reads on in a store whose trials hold their scores", () => {
    const store = openTestStore(file);
    store.createRun(sampleRun("r1"));
    const trials = ["a", "b", "c"].map((id) => sampleTrial(id, 0));
    for (const trial of trials) store.addTrial("r1", trial, sampleRow(trial, 1));
    const before = [...store.trials("r1")];
    store.close();
    const older = new Database(file);
    const named = older.prepare("UPDATE scores SET row = ? WHERE row LIKE ?");
    for (const { row } of before) named.run(JSON.stringify(row), `{"caseId":"${row.caseId}"%`);
    older.exec(`
      DROP TABLE words;
      ALTER TABLE bodies ADD COLUMN scores TEXT NOT NULL DEFAULT '';
      UPDATE bodies SET scores = (SELECT row FROM scores WHERE body = id);
      DROP TABLE scores;
      PRAGMA user_version = 2;
    `);
    older.close();
    const newer = openTestStore(file);
    expect([...newer.trials("r1")]).toEqual(before);
    expect([...newer.trialRows("r1")]).toEqual(before.map(({ row }) => row));
    newer.replaceTrial("r1", trials[1] as Trial, sampleRow(trials[1] as Trial, 0));
    expect(newer.listRuns()[0]).toMatchObject({ trials: 3, passed: 2, failed: 1 });
    newer.close();
  });

  it.each([
    [
      "a text file",
      (path: string) => writeFileSync(path, "not a database, but long enough to be read as one\n".repeat(99)),
      /damaged/,
    ],
    ["a folder", (path: string) => mkdirSync(path), /cannot be opened/],
  ])("explains %s in the place of the store", (_what, make, wanted) => {
    make(file);
    const failure = failureOf(() => openTestStore(file));
    expect(failure).toBeInstanceOf(StoreError);
    expect(failure.message).toContain(file);
    expect(failure.message).toMatch(wanted);
    expect(failure.nextStep).toBeTruthy();
  });

  it("explains a folder that cannot be created", () => {
    writeFileSync(join(folder, "file"), "");
    const inFile = join(folder, "file", "sub", "agentctl.db");
    expect(failureOf(() => openTestStore(inFile)).message).toContain(inFile);
  });

  it("explains a damaged page", () => {
    const store = openTestStore(file);
    store.createRun(sampleRun("r1", { invocation: { long: "x".repeat(100_000) } }));
    store.close();
    const bytes = execFileSync("cat", [file]);
    bytes.fill(0xff, 4096, bytes.length);
    writeFileSync(file, bytes);
    const failure = failureOf(() => openTestStore(file).listRuns());
    expect(failure).toBeInstanceOf(StoreError);
    expect(failure.message).toMatch(/damaged/);
  });

  it("explains a lock that another process keeps", () => {
    const store = openSqliteStore(file, { successMetric: "task_success", busyTimeoutMs: 30 });
    const other = new Database(file);
    other.exec("BEGIN IMMEDIATE");
    const failure = failureOf(() => store.createRun(sampleRun("r1")));
    expect(failure.message).toMatch(/another process kept it locked/);
    other.exec("ROLLBACK");
    other.close();
    store.createRun(sampleRun("r1"));
    store.close();
  });

  it.each([
    ["full", { readonly: false }, "PRAGMA max_page_count = 1", /disk is full/],
    ["read-only", { readonly: true }, "PRAGMA cache_size = 10", /cannot be written/],
  ])("explains a %s store", (_what, options, pragma, wanted) => {
    openTestStore(file).close();
    const database = new Database(file, options);
    database.exec(pragma);
    let found: Error | null = null;
    try {
      database.exec(`CREATE TABLE big (text TEXT); INSERT INTO big VALUES (hex(zeroblob(100000)))`);
    } catch (error) {
      found = storeFailure(file, "write", error);
    }
    database.close();
    expect(found).toBeInstanceOf(StoreError);
    expect(found?.message).toMatch(wanted);
  });

  it("is created by several processes at once", async () => {
    const module = JSON.stringify(new URL("./testing/sqlite-test-store.ts", import.meta.url).href);
    const script = `import { openTestStore } from ${module}; openTestStore(${JSON.stringify(file)}).close();`;
    const opened = await Promise.all(
      Array.from({ length: 4 }, () => {
        const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
          stdio: ["ignore", "ignore", "inherit"],
        });
        return once(child, "exit");
      }),
    );
    expect(opened.map(([code]) => code)).toEqual([0, 0, 0, 0]);
    const store = openTestStore(file);
    store.createRun(sampleRun("r1"));
    store.close();
  });

  it("keeps the stored trials when the disk fills up during a run", () => {
    const script = `
      import { openTestStore } from ${JSON.stringify(new URL("./testing/sqlite-test-store.ts", import.meta.url).href)};
      import { sampleRun, sampleTrial, sampleRow } from ${JSON.stringify(new URL("./testing/store-samples.ts", import.meta.url).href)};
      const store = openTestStore(${JSON.stringify(file)});
      store.createRun(sampleRun("r1"));
      let stored = 0;
      try {
        for (;;) {
          const trial = sampleTrial("case-" + stored, 0, { stopReason: "x".repeat(10000) });
          store.addTrial("r1", trial, sampleRow(trial, 1));
          stored += 1;
        }
      } catch (error) {
        console.log(JSON.stringify({ stored, name: error.name, message: error.message }));
      }`;
    const limited = `trap '' XFSZ; ulimit -f 2000; exec "$0" --import tsx --input-type=module -e "$1"`;
    const output = execFileSync("bash", ["-c", limited, process.execPath, script], { encoding: "utf8" });
    const found = JSON.parse(output) as { stored: number; name: string; message: string };
    expect(found).toMatchObject({ name: "StoreError" });
    expect(found.message).toMatch(/disk is full or a size limit/);
    expect(found.stored).toBeGreaterThan(10);
    const store = openTestStore(file);
    expect([...store.trials("r1")]).toHaveLength(found.stored);
    store.close();
  });

  it("leaves nothing of a deleted run behind and uses its space again", () => {
    const store = openTestStore(file);
    const fill = (runId: string) => {
      store.createRun(sampleRun(runId));
      for (let index = 0; index < 50; index += 1) {
        const trial = sampleTrial(`case-${index}`, 0, { traceId: "t".repeat(10_000) });
        store.addTrial(runId, trial, sampleRow(trial, 1));
      }
    };
    const pages = () => {
      const database = new Database(file, { readonly: true });
      const count = database.pragma("page_count", { simple: true }) as number;
      const texts = database
        .prepare(
          "SELECT (SELECT count(*) FROM bodies) AS bodies, (SELECT count(*) FROM scores) AS scores, (SELECT count(*) FROM words) AS words",
        )
        .get();
      database.close();
      return { count, texts };
    };
    fill("r1");
    const before = pages();
    store.deleteRun("r1");
    expect(pages().texts).toEqual({ bodies: 0, scores: 0, words: 0 });
    fill("r2");
    expect(pages().count).toBeLessThanOrEqual(before.count + 2);
    store.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
  });
});
