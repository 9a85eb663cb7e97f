/** Name of the provider whose replies come from a file. */
export const SCRIPTED_PROVIDER = "scripted";

/** What reports say of results of a script. */
export const SCRIPTED_NOTICE =
  "The replies come from a script, not from an LLM: scores show what the runtime does with given replies, " +
  "not how good a model is.";

/** What reports say when a script answers where the first model fails; nothing when none does. */
export function scriptedFallbackNotes(
  fallbacks: readonly { readonly provider: string }[],
): readonly string[] {
  return fallbacks.some(({ provider }) => provider === SCRIPTED_PROVIDER)
    ? ["replies of a fallback come from a script, not from an LLM"]
    : [];
}
