import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { type CliResult, copyOfFixture } from "./run-cli.js";
import { runCommand } from "./run-command.js";

let cwd: string;
const run = (...args: string[]): Promise<CliResult> => runCommand(["index", ...args], { cwd });
const generations = async (...args: string[]) => {
  const { stdout, stderr } = await run("build", "--agent", "disk.yaml", "--json", ...args);
  expect(stderr).toBe("");
  const { generation, isNew, documents } = JSON.parse(stdout) as Record<string, unknown>;
  return { generation, isNew, documents };
};

beforeEach(() => {
  cwd = copyOfFixture("index");
  const agent = readFileSync(join(cwd, "agent.yaml"), "utf8");
  writeFileSync(
    join(cwd, "disk.yaml"),
    agent.replace("  top_k: 2", "  top_k: 2\n  index: { name: knowledge }"),
  );
  writeFileSync(
    join(cwd, "agentctl.yaml"),
    "version: 1\ndefault_suite: s\nsuites:\n  s: { dataset: questions.jsonl, agent: agent.yaml }\n",
  );
});

describe("index build", () => {
  it("builds once, again when documents change, and always when forced", async () => {
    expect(await generations()).toEqual({ generation: "00000001", isNew: true, documents: 8 });
    expect(await generations()).toEqual({ generation: "00000001", isNew: false, documents: 8 });
    rmSync(join(cwd, "knowledge", "shared", "rain-gauge.md"));
    expect(await generations()).toEqual({ generation: "00000002", isNew: true, documents: 7 });
    expect(await generations("--force")).toEqual({ generation: "00000003", isNew: true, documents: 7 });
    const { stdout } = await run("build", "--agent", "disk.yaml");
    expect(stdout).toBe(
      "knowledge: generation 00000003 is up to date (7 documents, 7 chunks, vectors of 1024 numbers)",
    );
  });

  it("keeps serving the old index when a document is broken, and names it", async () => {
    await generations();
    const broken = join(cwd, "knowledge", "shared", "broken.md");
    writeFileSync(broken, Buffer.from([0x2d, 0x2d, 0x2d, 0x0a, 0xff]));
    const { exitCode, stderr } = await run("build", "--agent", "disk.yaml");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining("knowledge/shared/broken.md:2 is not UTF-8 text"),
    });
    rmSync(broken);
    expect(await generations()).toEqual({ generation: "00000001", isNew: false, documents: 8 });
  });

  it("says so where there is no index on disk", async () => {
    const { exitCode, stderr } = await run("build");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining("agent.yaml keeps no index on disk"),
    });
  });
});

describe("index search", () => {
  it("shows what the agent would read, how it was found, and whether it would answer", async () => {
    const { stdout } = await run("search", "my annemometer is sqeaking");
    expect(stdout.split("\n")).toEqual(
      expect.arrayContaining([
        "searched by bm25 and vectors (hashed-ngram, a lexical baseline), reranked by features as tenant brindlewick, user C-1001",
        "1. [anemometer] Care of an anemometer",
        expect.stringMatching(/^Grounding 0\.\d\d = 0\.5 · .* 0\.4 is needed: the agent may answer\.$/),
      ]),
    );
    const { stdout: nothing } = await run("search", "Does your company sponsor a football club?");
    expect(nothing).toContain("the agent says that it does not know");
  });

  it("sees another tenant's documents only as that tenant", async () => {
    const found = async (...args: string[]) => {
      const { stdout } = await run("search", "wholesale discount of Harrowgate", "--json", ...args);
      const { passages } = JSON.parse(stdout) as { passages: { documentId: string }[] };
      return passages.map(({ documentId }) => documentId);
    };
    expect(await found("--top-k", "50")).not.toContain("harrowgate-wholesale");
    expect(await found("--tenant", "harrowgate")).toContain("harrowgate-wholesale");
    for (const name of ["HARROWGATE", "harrowgate%"]) {
      expect(await found("--tenant", name)).not.toContain("harrowgate-wholesale");
    }
  });
});
