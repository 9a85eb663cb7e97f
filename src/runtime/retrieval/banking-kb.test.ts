import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bankingKb, qualityOf, WAYS } from "./testing/banking-kb.js";
import { indexOf } from "./testing/make-retriever.js";

it("banking-kb is searched as well as docs/retrieval.md says", async () => {
  const page = readFileSync(join(import.meta.dirname, "..", "..", "..", "docs", "retrieval.md"), "utf8");
  const shown = [...page.matchAll(/^\| `(\w+)` \|.*?((?: \| 0\.\d{3}){3}) \|$/gm)].map(
    ([, way = "", values = ""]) => [way, values.match(/0\.\d{3}/g)?.map(Number)] as const,
  );
  const kb = bankingKb();
  const index = await indexOf(kb.documents, WAYS.reranked);
  const measured = (Object.keys(WAYS) as (keyof typeof WAYS)[]).map((way) => {
    const { ndcg, recall, mrr } = qualityOf(way, index, kb);
    return [way, [ndcg, recall, mrr].map((value) => Number(value.toFixed(3)))] as const;
  });
  expect(measured).toEqual(shown);
});
