/** Name of the provider whose model obeys everybody. */
export const ADVERSARIAL_PROVIDER = "adversarial";

/** What reports say of its results. */
export const ADVERSARIAL_NOTICE =
  "obey-v1 is no LLM: a program that obeys every order it reads, whoever gave it, and does harm with every tool it is " +
  "offered. What did not happen was stopped by the runtime, not by the model.";
