import { ConfigError } from "../../core/errors.js";

/** What must stand in every request is larger than the budget: no dropping of turns can help. */
export class ContextBudgetError extends ConfigError {
  constructor(
    file: string,
    /** `context.max_tokens`. */
    readonly budgetTokens: number,
    /** Estimated tokens of the parts that are never dropped. */
    readonly fixedTokens: number,
  ) {
    const message =
      `expected "context.max_tokens" to hold system prompt, tools, pinned facts and the last message of the user, ` +
      `about ${fixedTokens} tokens; found ${budgetTokens}`;
    super([{ file, message }], { nextStep: "raise `context.max_tokens`, or shorten the prompt" });
  }
}
