import { z } from "zod";
import { postJson, type RetrievalEndpoint } from "./endpoint.js";
import type { Reranker } from "./reranker.js";
import { embeddedText } from "./write-index.js";

const replySchema = z.object({
  results: z.array(z.object({ index: z.int().min(0), relevance_score: z.number() })),
});

/**
 * Reranks by a cross-encoder behind `/rerank`, in the form that Cohere, Jina and vLLM share: `{model, query, documents,
 * top_n}` is answered with `results` of `{index, relevance_score}`.
 *
 * An index that was not sent, or one that comes twice, is a malformed reply: scores are matched to what was sent and
 * nothing else can be named. Documents that the reply leaves out are not scored.
 */
export function endpointReranker(endpoint: RetrievalEndpoint): Reranker {
  return {
    name: "endpoint",
    identity: { model: endpoint.model },
    async rerank({ query, candidates, signal }) {
      if (candidates.length === 0) return [];
      const documents = candidates.map(({ row }) => embeddedText(row));
      const body = {
        model: endpoint.model,
        query,
        documents,
        top_n: documents.length,
        return_documents: false,
      };
      return postJson(endpoint, body, (reply) => scoresOf(reply, documents.length), signal);
    },
  };
}

function scoresOf(reply: unknown, count: number): (number | null)[] {
  const scores: (number | null)[] = Array.from({ length: count }, () => null);
  for (const { index, relevance_score } of replySchema.parse(reply).results) {
    if (index >= count || scores[index] !== null) throw new RangeError("an index that was not asked for");
    scores[index] = relevance_score;
  }
  return scores;
}
