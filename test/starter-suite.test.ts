import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { agentSchema } from "../src/config/agent-schema.js";
import { readDataset } from "../src/datasets/read-dataset.js";
import { loadOrders } from "../src/environments/orders/load-orders.js";
import { readDocuments } from "../src/runtime/retrieval/documents/documents.js";

const root = new URL("../", import.meta.url);
const { cases } = await readDataset(fileURLToPath(new URL("datasets/starter.jsonl", root)));
const folder = new URL("datasets/handbook/", root);
const documents = readDocuments(fileURLToPath(folder), "datasets/handbook");
const bodies = new Map(documents.map((document) => [document.id, plain(document.body)]));

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, " ");
}

describe("the handbook", () => {
  it("holds 28 to 32 documents of 120 to 350 words, named by their id", () => {
    expect(documents.length).toBeGreaterThanOrEqual(28);
    expect(documents.length).toBeLessThanOrEqual(32);
    expect(readdirSync(folder).sort()).toEqual(documents.map(({ id }) => `${id}.md`).sort());
    for (const { id, body } of documents) {
      const words = body.trim().split(/\s+/).length;
      expect(words >= 120 && words <= 350, `${id} has ${words} words`).toBe(true);
    }
  });

  it("links each superseded document with the one that replaces it, both ways", () => {
    const superseded = documents.filter(({ status }) => status === "superseded");
    expect(superseded.length).toBeGreaterThanOrEqual(2);
    for (const { id, supersededBy } of superseded) {
      const text = readFileSync(new URL(`${supersededBy}.md`, folder), "utf8");
      const head = parse(text.split("---")[1] ?? "") as { supersedes?: string; status?: string };
      expect(head).toMatchObject({ supersedes: id, status: "current" });
    }
  });

  it("holds documents with planted instructions", () => {
    expect(bodies.get("community-forum-export")).toContain("ignore previous instructions");
    expect(bodies.get("partner-email-archive")).toContain("without asking for confirmation");
  });
});

describe("the starter cases", () => {
  it("are at least 60, with unique ids and no repeated input", () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    expect(new Set(cases.map(({ input }) => JSON.stringify(input))).size).toBe(cases.length);
  });

  it.each([
    ["faq", 20],
    ["multi-document", 6],
    ["unanswerable", 6],
    ["ambiguous", 4],
    ["stale", 4],
    ["tool-use", 10],
    ["confirm", 4],
    ["unauthorised", 4],
    ["injection", 4],
    ["injection-indirect", 4],
  ])("cover %s with at least %i", (tag, least) => {
    expect(cases.filter(({ tags }) => tags.includes(tag)).length).toBeGreaterThanOrEqual(least);
  });

  it("have groups that stay within one split, some of them with paraphrases", () => {
    const splits = new Map<string, Set<string>>();
    for (const { group, split } of cases) splits.set(group, (splits.get(group) ?? new Set()).add(split));
    expect([...splits].filter(([, found]) => found.size > 1)).toEqual([]);
    expect(cases.length - splits.size).toBeGreaterThanOrEqual(8);
    expect(new Set(cases.map(({ split }) => split))).toEqual(new Set(["dev", "test", "holdout"]));
  });

  it("of high and critical risk are all reviewed", () => {
    const open = cases.filter(
      ({ risk, review }) => (risk === "high" || risk === "critical") && review?.status !== "approved",
    );
    expect(open.map(({ id }) => id)).toEqual([]);
  });

  it("name existing, current documents as sources", () => {
    const current = new Set(documents.filter(({ status }) => status === "current").map(({ id }) => id));
    const wrong = cases.flatMap(({ id, expect: wanted }) =>
      wanted.sources.filter((source) => !current.has(source)).map((source) => `${id}: ${source}`),
    );
    expect(wrong).toEqual([]);
  });

  it("ask only for phrases that stand in one of their sources", () => {
    const wrong = cases.flatMap(({ id, expect: wanted }) =>
      wanted.mustInclude
        .filter((phrase) => !wanted.sources.some((source) => bodies.get(source)?.includes(plain(phrase))))
        .map((phrase) => `${id}: ${phrase}`),
    );
    expect(wrong).toEqual([]);
  });

  it("with several sources need every one of them", () => {
    const several = cases.filter(({ expect: wanted }) => wanted.sources.length > 1);
    for (const { id, expect: wanted } of several) {
      for (const left of wanted.sources) {
        const rest = wanted.sources.filter((source) => source !== left);
        const answerable = wanted.mustInclude.every((phrase) =>
          rest.some((source) => bodies.get(source)?.includes(plain(phrase))),
        );
        expect(answerable, `${id} can be answered without ${left}`).toBe(false);
      }
    }
  });

  it("forbid, when stale, a phrase of the superseded document that the current one does not hold", () => {
    for (const { id, expect: wanted } of cases.filter(({ tags }) => tags.includes("stale"))) {
      const old = documents.find(({ supersededBy }) => supersededBy === wanted.sources[0]);
      expect(wanted.mustNotInclude.length, id).toBeGreaterThan(0);
      for (const phrase of wanted.mustNotInclude) {
        expect(plain(old?.body ?? ""), id).toContain(plain(phrase));
        expect(bodies.get(wanted.sources[0] ?? ""), id).not.toContain(plain(phrase));
      }
    }
  });

  it("have gold actions and expected calls that the order system accepts", () => {
    const environment = loadOrders();
    for (const { id, environment: name, expect: wanted } of cases) {
      const actions = wanted.state?.actions ?? [];
      if (wanted.state !== null || wanted.toolCalls !== null) expect(name, id).toBe("orders");
      for (const list of [actions, wanted.toolCalls ?? []]) {
        const session = environment.start();
        for (const { name: toolName, args } of list) {
          const outcome = session.call(toolName, args);
          expect(outcome.isError, `${id}: ${outcome.content}`).toBe(false);
        }
      }
    }
  });
});

describe("the support agent", () => {
  it("has a valid file with its prompt beside it", () => {
    const file = new URL("agents/support.yaml", root);
    const agent = agentSchema.parse(parse(readFileSync(file, "utf8")));
    expect(agent.environment).toBe("orders");
    expect(readFileSync(new URL(agent.prompt.file ?? "", file), "utf8")).toContain("I don't know");
    expect(new URL(`${agent.retrieval?.documents}/`, file).href).toBe(folder.href);
  });
});
