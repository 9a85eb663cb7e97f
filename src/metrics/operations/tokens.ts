import type { TokenUsage } from "../../core/message.js";
import type { Trace } from "../../core/trace.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";

const RULES = {
  empty: "A call whose provider reports no usage: no score for the trial.",
  refusal: null,
  unsupportedClaim: null,
};

/** The agent's model calls that ended; a simulated user's calls do not count. */
function agentUsages(trace: Trace): readonly (TokenUsage | null)[] {
  return trace.modelCalls
    .filter((call) => call.speaker !== "user" && call.durationMs !== null)
    .map((call) => call.usage);
}

function tokenMetric(
  name: string,
  description: string,
  source: string,
  countOf: (usage: TokenUsage) => number | undefined,
  unsaid = "a model call does not say what came from the prompt cache",
): CaseMetric {
  return caseMetric({
    name,
    layer: "operations",
    unit: "tokens",
    direction: "lower",
    description,
    needs: ["usage of every model call that ended"],
    source,
    range: "0 and up",
    rules: RULES,
    agreesWith: "no peer",
    aggregate: "mean",
    score: ({ trace }) => {
      const usages = agentUsages(trace);
      if (usages.length === 0) return unscored("no model call in the trace");
      let tokens = 0;
      for (const usage of usages) {
        const count = usage === null ? undefined : countOf(usage);
        if (usage === null) return unscored("a model call has no reported usage");
        if (count === undefined) return unscored(unsaid);
        tokens += count;
      }
      return scored(tokens);
    },
  });
}

const AS_REPORTED = "usage as the provider reports it, cached input included";

export const TOTAL_TOKENS = "tokens.total";

/** Input and output tokens of the agent's model calls in a trial. */
export const totalTokens = tokenMetric(
  TOTAL_TOKENS,
  "Input plus output tokens of the agent's model calls in a trial; mean over trials.",
  AS_REPORTED,
  (usage) => usage.inputTokens + usage.outputTokens,
);

export const inputTokens = tokenMetric(
  "tokens.input",
  "Input tokens of the agent's model calls in a trial, the provider's cached ones included; mean over trials.",
  AS_REPORTED,
  (usage) => usage.inputTokens,
);

export const outputTokens = tokenMetric(
  "tokens.output",
  "Output tokens of the agent's model calls in a trial; mean over trials.",
  "usage as the provider reports it",
  (usage) => usage.outputTokens,
);

/** Higher would be cheaper, but more input also gives more of it: no gate should want it low or high by itself. */
export const cachedTokens: CaseMetric = {
  ...tokenMetric(
    "tokens.cached",
    "Input tokens of the agent's model calls in a trial that the provider read from its prompt cache; mean over trials.",
    "usage as the provider reports it; no report is unknown, not 0",
    (usage) => usage.cachedInputTokens,
  ),
  direction: "higher",
};

/** Part of tokens.output. */
export const reasoningTokens = tokenMetric(
  "tokens.reasoning",
  "Output tokens of the agent's model calls in a trial that the model spent on reasoning; mean over trials.",
  "usage as the provider reports it; no report is unknown, not 0",
  (usage) => usage.reasoningTokens,
  "a model call does not say what it spent on reasoning",
);
