import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { retrievalSchema } from "../../../config/agent/retrieval-schema.js";
import { StoreError } from "../../../core/errors.js";
import { hashedNgramEmbedder } from "../ranking/hashed-ngram.js";
import type { Reranker } from "../ranking/reranker.js";
import { indexSettingsOf, pipelineSettingsOf } from "../settings.js";
import { document, idsOf, searchNow, signal } from "../testing/make-retriever.js";
import { type OpenIndex, openIndex } from "./open-index.js";

let folder: string;
const opened: OpenIndex[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "index-"));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((index) => index.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function open(reranker: Reranker | null = null): Promise<OpenIndex> {
  const config = retrievalSchema.parse({ documents: "", method: "hybrid", embeddings: { dimensions: 64 } });
  const index = await openIndex({
    folder,
    settings: indexSettingsOf(config),
    embedding: null,
    duty: 1,
    pipeline: {
      embedderFor: ({ weights, written }) => hashedNgramEmbedder(weights, written.dimensions),
      vectorsAreSemantic: false,
      reranker,
      rewriter: null,
      settings: pipelineSettingsOf(config),
    },
  });
  opened.push(index);
  return index;
}

const documents = (mark: string, count = 3) =>
  Array.from({ length: count }, (_, at) => document(`${mark}-${at}`, `${mark} refund page ${at}`));
const source = (list: ReturnType<typeof documents>) => ({ kind: "documents" as const, documents: list });
const searchable = (index: OpenIndex) => {
  try {
    return searchNow(index, "refund").length > 0;
  } catch {
    return false;
  }
};
const files = () =>
  readdirSync(folder)
    .filter((name) => name !== "build.lock")
    .sort();
const bytes = () =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), "latin1"))
    .join("\n");

describe("openIndex", () => {
  it("says that there is no index before the first build, and serves it after", async () => {
    const index = await open();
    expect(() => searchNow(index, "refund")).toThrow(StoreError);
    expect(await index.rebuild(source(documents("old")))).toMatchObject({
      outcome: "swapped",
      documents: 3,
      chunks: 3,
    });
    expect(idsOf(searchNow(index, "refund page 1"))[0]).toBe("old-1");
    expect(files()).toEqual(["00000001.db", "00000001.vectors", "current.json"]);
  });

  it("serves the same from disk in another opening, with the same hash", async () => {
    const first = await open();
    await first.rebuild(source(documents("old")));
    const second = await open();
    expect(second.hash).toBe(first.hash);
    expect(searchNow(second, "refund page")).toEqual(searchNow(first, "refund page"));
  });

  it("answers every search during a rebuild, from the old generation, then from the new", async () => {
    const index = await open();
    const secret = (mark: string) => document(`${mark}-secret`, "refund page of acme", { tenant: "acme" });
    await index.rebuild(source([...documents("old"), secret("old")]));
    const hash = index.hash;
    let isBuilding = true;
    const rebuilt = index.rebuild(source([...documents("new", 2000), secret("new")])).finally(() => {
      isBuilding = false;
    });
    let searches = 0;
    while (isBuilding) {
      const ids = idsOf(
        searchNow(index, "refund page of acme", { tenant: searches % 2 === 0 ? "globex" : null }),
      );
      expect(ids.filter((id) => id.endsWith("secret"))).toEqual([]);
      const marks = new Set(ids.map((id) => id.split("-")[0]));
      expect([...marks]).toHaveLength(1);
      searches += 1;
      await sleep(2);
    }
    expect(await rebuilt).toMatchObject({ outcome: "swapped", documents: 2001 });
    expect(searches).toBeGreaterThan(10);
    expect(idsOf(searchNow(index, "refund"))[0]).toMatch(/^new-/);
    expect(index.hash).not.toBe(hash);
    expect(files()).toEqual(["00000002.db", "00000002.vectors", "current.json"]);
  });

  it("keeps a generation until its last search has ended", async () => {
    const reranker: Reranker = {
      name: "slow",
      identity: null,
      rerank: ({ candidates }) => sleep(700).then(() => candidates.map(() => 1)),
    };
    const index = await open(reranker);
    await index.rebuild(source(documents("old")));
    const search = index.search({ query: "refund", topK: 3, tenant: null, signal });
    const rebuilt = index.rebuild(source(documents("new")));
    expect(idsOf(await search).every((id) => id.startsWith("old"))).toBe(true);
    await rebuilt;
    expect(files()).toEqual(["00000002.db", "00000002.vectors", "current.json"]);
  });

  it("lets one build at a time go on, and says so to the other", async () => {
    const index = await open();
    const other = await open();
    const results = await Promise.all([
      index.rebuild(source(documents("one", 500))),
      index.rebuild(source(documents("two"))),
      other.rebuild(source(documents("three"))),
      other.deleteDocumentsByUser("ann"),
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["swapped", "busy", "busy", "busy"]);
    expect(JSON.stringify(results[1])).toContain("is being rebuilt already");
  });

  it("notices what another process has swapped in", async () => {
    const reader = await open();
    const writer = await open();
    await writer.rebuild(source(documents("old")));
    const late = await open();
    await writer.rebuild(source(documents("new")));
    expect(() => searchNow(reader, "refund")).toThrow(StoreError);
    await sleep(150);
    searchNow(late, "refund");
    await expect.poll(() => searchable(reader)).toBe(true);
    await expect.poll(() => idsOf(searchNow(late, "refund"))[0]).toMatch(/^new-/);
  });

  it("goes on with the old index after a build that failed", async () => {
    const index = await open();
    await index.rebuild(source(documents("old")));
    const missing = {
      kind: "folder" as const,
      folder: join(folder, "none"),
      label: "docs",
      tenantFolders: false,
    };
    await expect(index.rebuild(missing)).rejects.toThrow(
      "docs cannot be read as a folder of Markdown documents",
    );
    expect(idsOf(searchNow(index, "refund"))[0]).toMatch(/^old-/);
    expect(files()).toEqual(["00000001.db", "00000001.vectors", "current.json"]);
  });

  it("refuses a damaged pointer", async () => {
    writeFileSync(join(folder, "current.json"), '{"generation":"../../etc/passwd"}');
    await expect(open()).rejects.toThrow("is damaged");
  });
});

describe("deletion", () => {
  it("leaves no byte of a user's documents in any file, and keeps the rest", async () => {
    const index = await open();
    await index.rebuild(
      source([
        ...documents("kept", 40),
        document("letter", "Dear zanzibar, my hippopotamus is ill.", {
          tenant: "acme",
          user: "ann",
          title: "Annsletter",
        }),
        document("note", "Bob likes refund pages.", { tenant: "acme", user: "bob" }),
      ]),
    );
    expect(bytes()).toMatch(/zanzibar/);
    expect(bytes()).toMatch(/hippopotamu/);
    const asAnn = { tenant: "acme", user: "ann", topK: 9 };
    expect(idsOf(searchNow(index, "zanzibar hippopotamus", asAnn))).toContain("letter");
    expect(await index.deleteDocumentsByUser("ann")).toMatchObject({
      outcome: "swapped",
      deleted: 1,
      documents: 41,
    });
    expect(bytes()).not.toMatch(/zanzibar|hippopotam|annsletter/i);
    expect(bytes()).not.toContain("letter#1");
    expect(idsOf(searchNow(index, "zanzibar hippopotamus letter", asAnn))).not.toContain("letter");
    expect(idsOf(searchNow(index, "bob refund", { tenant: "acme", user: "bob" }))[0]).toBe("note");
    expect(idsOf(searchNow(index, "kept refund page 7"))[0]).toBe("kept-7");
    expect(idsOf(searchNow(await open(), "kept refund page 7"))[0]).toBe("kept-7");
  });

  it("deletes by id and tenant, and nothing without a condition", async () => {
    const index = await open();
    const same = (tenant: string) => document("same", `refund of ${tenant}`, { tenant });
    await index.rebuild(source([...documents("kept"), same("acme"), same("globex")]));
    expect(await index.deleteDocuments({ ids: ["same", "__proto__"], tenant: "acme" })).toMatchObject({
      deleted: 1,
    });
    expect(idsOf(searchNow(index, "refund", { tenant: "acme" }))).not.toContain("same");
    expect(idsOf(searchNow(index, "refund", { tenant: "globex" }))).toContain("same");
    expect(() => index.deleteDocuments({})).toThrow(RangeError);
    expect(await index.deleteDocumentsByUser("nobody")).toMatchObject({ deleted: 0 });
  });
});

describe("other processes", () => {
  const program = fileURLToPath(new URL("../testing/index-process.ts", import.meta.url));
  const run = (count: number, mark: string) =>
    execa(
      process.execPath,
      ["--import", "tsx", program, folder, String(count), mark, join(folder, "log.txt")],
      {
        reject: false,
      },
    );
  const log = () =>
    existsSync(join(folder, "log.txt")) ? readFileSync(join(folder, "log.txt"), "utf8") : "";

  it("killed in the middle of a build, leave the old index serving and no leftovers after the next start", async () => {
    const index = await open();
    await index.rebuild(source(documents("old")));
    for (const waitMs of [40, 250]) {
      const child = run(20_000, "killed");
      await expect.poll(() => existsSync(join(folder, "00000002.db")), { timeout: 20_000 }).toBe(true);
      await sleep(waitMs);
      child.kill("SIGKILL");
      await child;
      expect(log()).not.toContain("swapped");
      expect(idsOf(searchNow(index, "refund"))[0]).toMatch(/^old-/);
      const next = await open();
      expect(idsOf(searchNow(next, "refund"))[0]).toMatch(/^old-/);
      expect(files()).toEqual(["00000001.db", "00000001.vectors", "current.json", "log.txt"]);
    }
    expect(await index.rebuild(source(documents("new")))).toMatchObject({ outcome: "swapped" });
  });

  it("that may write no more, fail with a name and leave the old index serving", async () => {
    const index = await open();
    await index.rebuild(source(documents("old")));
    // What a full disk does, at 100 kB: the system refuses to write.
    const command = `ulimit -f 200; exec "$0" --import tsx "$1" "$2" 3000 full "$2/log.txt"`;
    const child = await execa("bash", ["-c", command, process.execPath, program, folder], { reject: false });
    expect(child.stderr).toContain("StoreError: an index could not be built");
    expect(log()).toBe("start full\n");
    expect(files()).toEqual(["00000001.db", "00000001.vectors", "current.json", "log.txt"]);
    expect(idsOf(searchNow(index, "refund"))[0]).toMatch(/^old-/);
    expect(await index.rebuild(source(documents("new")))).toMatchObject({ outcome: "swapped" });
  });

  it("that rebuild at once: one wins, the other says so", async () => {
    const [first, second] = await Promise.all([run(3000, "one"), run(3000, "two")]);
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    const outcomes = log()
      .split("\n")
      .filter((line) => /^(swapped|busy)/.test(line))
      .sort();
    expect(outcomes.map((line) => line.split(" ")[0])).toEqual(["busy", "swapped"]);
    const winner = outcomes[1]?.split(" ")[1];
    expect(idsOf(searchNow(await open(), "refund"))[0]).toMatch(new RegExp(`^${winner}-`));
  });
});
