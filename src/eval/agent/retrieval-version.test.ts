import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import type { Model } from "../../models/model.js";
import type { Agent } from "../../runtime/agent.js";
import { DEFAULT_RANKER } from "../../runtime/retrieval/ranking/ranker-file.js";
import type { Passage } from "../../runtime/retrieval/retriever.js";
import { buildAgent } from "./build-agent.js";
import { loadAgent } from "./load-agent.js";

const model: Model = {
  provider: "none",
  name: "none",
  complete: () => Promise.reject(new Error("not asked")),
};
let folder: string;
const agents: Agent[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "version-"));
  mkdirSync(join(folder, "docs", "acme"), { recursive: true });
  write("docs/acme/a.md", page("a", "Batteries are replaced within two years."));
  write("docs/b.md", page("b", "Parcels take five days."));
  write("ranker.json", JSON.stringify(DEFAULT_RANKER));
});
afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.close?.()));
  rmSync(folder, { recursive: true });
});

function page(id: string, body: string): string {
  return `---\nid: ${id}\ntitle: Page\n---\n${body}\n`;
}

function write(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

async function agentWith(retrieval: string, tenant = "acme"): Promise<Agent> {
  write(
    "agent.yaml",
    `name: a
prompt: { version: "1", text: x }
model: { provider: embedded, name: embedded-v1 }
identity: { tenant: ${tenant} }
retrieval: { documents: docs, tenancy: { folders: true }, ${retrieval} }
`,
  );
  const agent = await buildAgent(loadAgent(join(folder, "agent.yaml"), folder), model, {
    recordingHash: null,
    timeoutMs: undefined,
    seed: undefined,
    dataFolder: join(folder, ".agentctl"),
    storage: { kind: "memory" },
    workingDirectory: folder,
    specialistModel: async () => model,
    env: {},
    clock: systemClock,
  });
  agents.push(agent);
  return agent;
}

const RERANKED = "method: hybrid, rerank: { kind: features, weights: ranker.json }";

describe("the version of an agent", () => {
  it.each([
    ["a document's text", () => write("docs/b.md", page("b", "Parcels take six days."))],
    [
      "a document's status",
      () => write("docs/b.md", page("b", "x").replace("id:", "status: superseded\nid:")),
    ],
    ["one document more", () => write("docs/c.md", page("c", "New."))],
    ["the weights", () => write("ranker.json", JSON.stringify({ ...DEFAULT_RANKER, bias: 1 }))],
  ])("changes with %s", async (_, change) => {
    const { version } = await agentWith(RERANKED);
    expect((await agentWith(RERANKED)).version).toBe(version);
    change();
    expect((await agentWith(RERANKED)).version).not.toBe(version);
  });

  it("changes with documents of an index on disk", async () => {
    const block = `${RERANKED}, index: { name: docs }`;
    const { version } = await agentWith(block);
    expect((await agentWith(block)).version).toBe(version);
    write("docs/c.md", page("c", "New."));
    expect((await agentWith(block)).version).not.toBe(version);
  });

  it.each(["top_k: 4", "chunk_words: 30", "rrf_k: 10", "grounding: { threshold: 0.5 }", "mmr: {}"])(
    "changes with %s",
    async (key) => {
      const { version } = await agentWith("method: hybrid");
      expect((await agentWith(`method: hybrid, ${key}`)).version).not.toBe(version);
    },
  );
});

it("two agents of one process, of two tenants and one index, see their own documents alone", async () => {
  const block = "method: hybrid, index: { name: docs }";
  const [acme, globex] = [await agentWith(block, "acme"), await agentWith(block, "globex")];
  const { signal } = new AbortController();
  const idsOf = async ({ retrieval, identity }: Agent) => {
    const request = { query: "batteries and parcels", topK: 9, tenant: identity.tenantId, signal };
    const found: readonly Passage[] = (await retrieval?.retriever.search(request)) ?? [];
    return found.map(({ documentId }) => documentId).sort();
  };
  for (let round = 0; round < 20; round += 1) {
    expect(await Promise.all([idsOf(acme), idsOf(globex)])).toEqual([["a", "b"], ["b"]]);
  }
});
