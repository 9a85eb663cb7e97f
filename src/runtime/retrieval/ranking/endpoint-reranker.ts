import { z } from "zod";
import { embeddedText } from "../index/write-index.js";
import { MalformedReply, postJson, type RetrievalEndpoint } from "./endpoint.js";
import type { Reranker } from "./reranker.js";

/** `cohere`: also Jina, vLLM and others; `tei`: Text Embeddings Inference. */
export type RerankFormat = "cohere" | "tei";

interface Wire {
  readonly body: (model: string, query: string, documents: readonly string[]) => object;
  readonly read: (reply: unknown) => readonly { readonly index: number; readonly score: number }[];
}

const index = z.int().min(0);
const cohereReply = z.object({ results: z.array(z.object({ index, relevance_score: z.number() })) });
const teiReply = z.array(z.object({ index, score: z.number() }));

const wires: Record<RerankFormat, Wire> = {
  cohere: {
    body: (model, query, documents) => ({
      model,
      query,
      documents,
      top_n: documents.length,
      return_documents: false,
    }),
    read: (reply) =>
      cohereReply.parse(reply).results.map((one) => ({ index: one.index, score: one.relevance_score })),
  },
  tei: {
    body: (_, query, texts) => ({ query, texts, truncate: true }),
    read: (reply) => teiReply.parse(reply),
  },
};

/**
 * Reranks by a cross-encoder behind `/rerank`.
 *
 * An index that was not sent, or one that comes twice, is a malformed reply: scores are matched to what was sent and
 * nothing else can be named. Documents that the reply leaves out are not scored.
 */
export function endpointReranker(endpoint: RetrievalEndpoint, format: RerankFormat): Reranker {
  const wire = wires[format];
  return {
    name: endpoint.model,
    identity: { model: endpoint.model },
    async rerank({ query, candidates, signal }) {
      if (candidates.length === 0) return [];
      const documents = candidates.map(({ row }) => embeddedText(row));
      const body = wire.body(endpoint.model, query, documents);
      return postJson(endpoint, body, (reply) => scoresOf(wire.read(reply), documents.length), signal);
    },
  };
}

function scoresOf(results: ReturnType<Wire["read"]>, count: number): (number | null)[] {
  const scores: (number | null)[] = Array.from({ length: count }, () => null);
  for (const result of results) {
    if (result.index >= count || scores[result.index] !== null) {
      throw new MalformedReply(`an index that was not asked for or came twice, ${result.index}`);
    }
    scores[result.index] = result.score;
  }
  return scores;
}
