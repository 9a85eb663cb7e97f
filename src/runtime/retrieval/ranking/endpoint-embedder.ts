import { z } from "zod";
import { type Embedder, normalise } from "./embedder.js";
import { MalformedReply, postJson, type RetrievalEndpoint } from "./endpoint.js";

const replySchema = z.object({
  data: z.array(z.object({ index: z.int().min(0).optional(), embedding: z.array(z.number()).min(1) })),
});

export interface EndpointEmbedderOptions {
  readonly endpoint: RetrievalEndpoint;
  /** Length to ask for; `null` for the model's own. */
  readonly dimensions: number | null;
  /** Texts in one request, at least 1. */
  readonly batchSize: number;
  /** Put before each document or query, as some models want it. */
  readonly prefixes: { readonly document: string; readonly query: string };
}

/**
 * Embeds through an OpenAI-compatible `/embeddings` endpoint, in batches, one after the other.
 *
 * A reply must hold one vector of finite numbers, not all of them 0, for each text, all of one length; anything else is
 * a malformed body, which is asked for again.
 */
export function endpointEmbedder(options: EndpointEmbedderOptions): Embedder {
  const { endpoint, dimensions, batchSize, prefixes } = options;
  return {
    name: endpoint.model,
    dimensions,
    async embed(texts, kind, signal) {
      const vectors: Float32Array[] = [];
      for (let start = 0; start < texts.length; start += batchSize) {
        // Servers refuse an empty text.
        const input = texts
          .slice(start, start + batchSize)
          .map((text) => prefixes[kind] + (text.trim() || "-"));
        const body = {
          model: endpoint.model,
          input,
          encoding_format: "float",
          ...(dimensions === null ? {} : { dimensions }),
        };
        const width = vectors[0]?.length ?? dimensions;
        vectors.push(
          ...(await postJson(endpoint, body, (reply) => vectorsOf(reply, input.length, width), signal)),
        );
      }
      return vectors;
    },
  };
}

function vectorsOf(reply: unknown, count: number, width: number | null): Float32Array[] {
  const { data } = replySchema.parse(reply);
  if (data.length !== count) throw new MalformedReply(`${data.length} vectors for ${count} texts`);
  const vectors: Float32Array[] = [];
  for (const [position, { index = position, embedding }] of data.entries()) {
    if (index >= count || vectors[index] !== undefined) {
      throw new MalformedReply(`an index that was not asked for or came twice, ${index}`);
    }
    const wanted = width ?? data[0]?.embedding.length;
    if (embedding.length !== wanted) {
      throw new MalformedReply(`a vector of ${embedding.length} numbers instead of ${wanted}`);
    }
    const vector = normalise(Float32Array.from(embedding));
    // Too large for 32 bits, or all zeros: neither has a direction, so that it could never be found.
    if (!vector.every(Number.isFinite) || vector.every((value) => value === 0)) {
      throw new MalformedReply("a vector without a direction");
    }
    vectors[index] = vector;
  }
  return vectors;
}
