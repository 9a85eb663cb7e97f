import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import { memoryFile } from "../../runtime/memory/memory-database.js";
import { conversationFile } from "../../runtime/session/conversation-database.js";
import { loadProject } from "../load-project.js";
import { scanFiles } from "./byte-scan.js";
import { dataFolderOf, placesOf } from "./data-places.js";
import { deletionSteps } from "./deletion-steps.js";
import { finishDeletions, forgetUser } from "./forget-user.js";
import { checkReceipt } from "./receipt.js";
import { ADA, dataFolder, OTHERS, plantProject, sessionOf, wordsOf } from "./testing/planted-project.js";

let template = "";
let root = "";

beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), "agentctl-planted-"));
  await plantProject(template);
});
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "agentctl-forget-"));
  cpSync(template, root, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));
afterAll(() => rmSync(template, { recursive: true, force: true }));

/** Those of the words that lie somewhere below the project. */
function found(words: readonly string[]): readonly string[] {
  const hits = new Set(scanFiles([root], words).hits.map(({ text }) => text));
  return words.filter((word) => hits.has(word));
}

function forgetAda(onPoint?: (point: string) => void) {
  const project = loadProject(undefined, root);
  return forgetUser(ADA, placesOf(project), {
    dataFolder: dataFolderOf(project),
    clock: systemClock,
    ...(onPoint === undefined ? {} : { onPoint }),
  });
}

/** What lies in a compressed file is not in its bytes. */
const seen = (words: readonly string[]) => words.filter((word) => !word.startsWith("Qxgz"));

describe("deletion of a user", () => {
  it("finds what was planted, so that the scan can fail", () => {
    for (const user of [ADA, ...OTHERS]) expect(found(wordsOf(user))).toEqual(seen(wordsOf(user)));
  });

  it("leaves no byte of the user's texts in any file, and the texts of others as they were", async () => {
    const readers = [memoryFile(dataFolder(root)), conversationFile(dataFolder(root))].map((file) => {
      // Keeps -wal and -shm where they are, as another process does.
      const reader = new Database(file);
      reader.prepare("SELECT count(*) FROM sqlite_master").get();
      return reader;
    });
    const { file, signed } = await forgetAda();
    expect(readdirSync(dataFolder(root))).toContain("memory.db-wal");
    expect(found([...wordsOf(ADA), sessionOf(ADA)])).toEqual([]);
    for (const reader of readers) reader.close();
    for (const user of OTHERS) expect(found(wordsOf(user, true))).toEqual(seen(wordsOf(user, true)));
    expect(existsSync(join(dataFolder(root), "exports", "acme-ada.txt.gz"))).toBe(false);
    expect(existsSync(join(dataFolder(root), "exports", "acme-ben.txt.gz"))).toBe(true);
    expect(existsSync(join(root, "reports", "acme-ada.html"))).toBe(false);
    expect(readdirSync(join(dataFolder(root), "forget"))).toEqual(["build.lock"]);
    expect(Object.fromEntries(signed.receipt.stores.map(({ store, removed }) => [store, removed]))).toEqual({
      exports: { files: 5, lines: 2 },
      "run history": { cases: 1, trials: 2, replies: 3 },
      "retrieval indexes": { documents: 2 },
      memory: { facts: 2, vectors: 1 },
      conversations: { sessions: 1, messages: 3, notes: 1, queued: 1, effects: 1 },
    });
    const { verification } = signed.receipt;
    expect(verification.filesWithHits).toEqual([]);
    expect(verification.texts).toBeGreaterThan(2);
    expect(checkReceipt(file, dataFolder(root), ADA)).toMatchObject({
      isGenuine: true,
      isOurs: true,
      isForUser: true,
    });
    expect(readFileSync(file, "utf8")).not.toMatch(/"ada"|"acme"/);
  });

  it("is not done by deleting rows alone: the scan finds what VACUUM and overwriting remove", () => {
    const control = (file: string, sql: string) => {
      const database = new Database(file);
      database.pragma("secure_delete = OFF");
      database.pragma("foreign_keys = ON");
      database.exec(sql);
      database.pragma("wal_checkpoint(TRUNCATE)");
      database.close();
    };
    const mine = "tenant = 'acme' AND user = 'ada'";
    control(memoryFile(dataFolder(root)), `DELETE FROM facts WHERE ${mine}`);
    control(
      conversationFile(dataFolder(root)),
      `DELETE FROM effects WHERE ${mine}; DELETE FROM sessions WHERE ${mine}`,
    );
    const left = found(wordsOf(ADA));
    expect(left).toEqual(
      expect.arrayContaining([expect.stringContaining("Qxfact"), expect.stringContaining("Qxmessage")]),
    );
    expect(left).toEqual(expect.arrayContaining([expect.stringContaining("Qxremovedrun")]));
  });

  it("can be done again, and for a user of whom there is nothing", async () => {
    await forgetAda();
    const { signed } = await forgetAda();
    const counts = signed.receipt.stores.flatMap(({ removed }) => Object.values(removed));
    expect(counts.every((count) => count === 0)).toBe(true);
  });
});

describe("a deletion that is killed", () => {
  const child = fileURLToPath(new URL("./testing/forget-child.ts", import.meta.url));
  const points = [
    ...deletionSteps.flatMap(({ store }) => [`before ${store}`, `after ${store}`]),
    "before the receipt",
    "after the receipt",
  ];

  it.each(points)("is finished by the next run: %s", { timeout: 60_000 }, async (point) => {
    const killed = spawnSync(process.execPath, ["--import", "tsx", child, root, point], { encoding: "utf8" });
    expect(killed.signal, killed.stderr).toBe("SIGKILL");
    const [finished, ...others] = await finishDeletions({ dataFolder: dataFolder(root), clock: systemClock });
    expect(others).toEqual([]);
    expect(found([...wordsOf(ADA), sessionOf(ADA)])).toEqual([]);
    for (const user of OTHERS) expect(found(wordsOf(user, true))).toEqual(seen(wordsOf(user, true)));
    expect(checkReceipt(finished?.file ?? "", dataFolder(root), ADA)).toMatchObject({
      isGenuine: true,
      isForUser: true,
    });
    expect(finished?.signed.receipt.interruptions).toBe(point === "after the receipt" ? 0 : 1);
    expect(readdirSync(join(dataFolder(root), "receipts"))).toHaveLength(1);
    expect(await finishDeletions({ dataFolder: dataFolder(root), clock: systemClock })).toEqual([]);
  });

  it("was not begun before its intent lay on the disk", { timeout: 60_000 }, async () => {
    spawnSync(process.execPath, ["--import", "tsx", child, root, "before the intent"]);
    expect(await finishDeletions({ dataFolder: dataFolder(root), clock: systemClock })).toEqual([]);
    expect(found(wordsOf(ADA))).toEqual(seen(wordsOf(ADA)));
  });
});

describe("a receipt", () => {
  it("does not hold once a word of it is changed, nor for another user, nor with another key", async () => {
    const { file } = await forgetAda();
    const text = readFileSync(file, "utf8");
    const changed = join(root, "changed.json");
    writeFileSync(changed, text.replace('"facts": 2', '"facts": 3'));
    expect(checkReceipt(changed, dataFolder(root), null)).toMatchObject({ isGenuine: false, isOurs: true });
    expect(checkReceipt(file, dataFolder(root), OTHERS[0] ?? null).isForUser).toBe(false);
    const elsewhere = await (async () => {
      rmSync(join(dataFolder(root), "keys"), { recursive: true });
      await forgetAda();
      return checkReceipt(file, dataFolder(root), ADA);
    })();
    expect(elsewhere).toMatchObject({ isGenuine: true, isOurs: false });
  });
});
