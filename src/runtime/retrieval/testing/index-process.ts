import { appendFileSync } from "node:fs";
import { retrievalSchema } from "../../../config/agent/retrieval-schema.js";
import { openIndex } from "../index/open-index.js";
import { hashedNgramEmbedder } from "../ranking/hashed-ngram.js";
import { indexSettingsOf, pipelineSettingsOf } from "../settings.js";
import { document } from "./make-retriever.js";

/** A process of its own that rebuilds an index and writes down how that ends: `<folder> <documents> <mark> <log>`. */
const [folder = "", count = "0", mark = "", log = ""] = process.argv.slice(2);
const config = retrievalSchema.parse({ documents: "", method: "hybrid", embeddings: { dimensions: 64 } });
const index = await openIndex({
  folder,
  settings: indexSettingsOf(config),
  embedding: null,
  duty: 0.3,
  pipeline: {
    embedderFor: ({ weights, written }) => hashedNgramEmbedder(weights, written.dimensions),
    vectorsAreSemantic: false,
    reranker: null,
    rewriter: null,
    settings: pipelineSettingsOf(config),
  },
});
appendFileSync(log, `start ${mark}\n`);
const documents = Array.from({ length: Number(count) }, (_, at) =>
  document(`${mark}-${at}`, `${mark} refund page number ${at} with some words to read`),
);
const result = await index.rebuild({ kind: "documents", documents });
appendFileSync(log, `${result.outcome} ${mark}\n`);
await index.close();
