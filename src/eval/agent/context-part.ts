import type { PartFactory } from "./agent-parts.js";

/** The context window manager: block `context`. */
export const contextPart: PartFactory = async ({ context: block }, { file }) => {
  if (block === undefined) return null;
  const { contextWindow } = await import("../../runtime/context/context-window.js");
  return contextWindow({
    file,
    maxTokens: block.max_tokens,
    targetShare: block.target_share,
    summarise: block.summarise,
    summaryMaxTokens: block.summary_max_tokens,
    toolResultMaxTokens: block.tool_result_max_tokens,
    resultFields: new Map(block.tool_results.map(({ tool, fields }) => [tool, fields])),
    pin: {
      effects: block.pin.effects,
      patterns: block.pin.patterns.map((source) => new RegExp(source, "iu")),
      maxFacts: block.pin.max_facts,
    },
  });
};
