/** Name of the provider whose replies come from a file. */
export const SCRIPTED_PROVIDER = "scripted";

/** What reports say of results of a script. */
export const SCRIPTED_NOTICE =
  "The replies come from a script, not from an LLM: scores show what the runtime does with given replies, " +
  "not how good a model is.";
