/** Name of the provider whose model is the lexical baseline. */
export const EMBEDDED_PROVIDER = "embedded";

/** What reports say of results of the embedded model. */
export const EMBEDDED_NOTICE =
  "embedded-v1 is a lexical baseline, not an LLM: it picks tools by words and quotes sentences of the documents. " +
  "Its scores show that the pipeline works and what a better model must beat.";
