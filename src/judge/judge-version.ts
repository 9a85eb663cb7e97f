import type { JudgeConfig } from "../config/judge/judge-schema.js";
import { contentHash, type Json } from "../core/hash.js";

/** Content hash of the question alone: what people and judges are told, and the labels that they may give. */
export function rubricHash({ name, rubric, scale, reads, examples }: JudgeConfig): string {
  return contentHash({ name, rubric, scale, reads, examples } as unknown as Json);
}

/**
 * Content hash of everything that a verdict depends on: another version when the rubric, an example, the model, a parameter
 * or the number of votes changes. Where the model is reached (`base_url`, retries, limits, prices) makes no other judge.
 *
 * @param instructions - the fixed words around the rubric
 */
export function judgeVersion(config: JudgeConfig, instructions: string): string {
  const { model, heuristic, votes, aggregation, both_orders: bothOrders, synonyms } = config;
  return contentHash({
    rubric: rubricHash(config),
    model:
      model === undefined
        ? null
        : {
            provider: model.provider,
            name: model.name,
            temperature: model.temperature ?? null,
            topP: model.top_p ?? null,
            maxTokens: model.max_tokens ?? null,
          },
    heuristic: heuristic ?? null,
    votes,
    aggregation,
    bothOrders,
    synonyms,
    instructions,
  });
}
