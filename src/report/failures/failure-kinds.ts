/** What kind of failure a trial shows; see {@link FAILURE_KINDS} for the order in which they are looked for. */
export type FailureKind =
  | "infrastructure"
  | "limit"
  | "policy"
  | "retrieval-miss"
  | "wrong-tool"
  | "wrong-arguments"
  | "ungrounded"
  | "other";

/** A kind in the words of a reader. */
interface FailureKindFacts {
  readonly kind: FailureKind;
  readonly label: string;
  /** One sentence: what puts a trial here. */
  readonly meaning: string;
}

/**
 * All kinds in order of precedence: what happens earlier on the way to an answer explains what goes wrong later, so
 * that a trial that never retrieved its source counts as a retrieval miss although its answer is ungrounded, too.
 */
export const FAILURE_KINDS: readonly FailureKindFacts[] = [
  {
    kind: "infrastructure",
    label: "Provider or infrastructure error",
    meaning: "The trial could not be executed; nothing is said of the agent.",
  },
  {
    kind: "limit",
    label: "Timeout or limit",
    meaning: "Stopped by its step limit, deadline, budget or loop guard before it was done.",
  },
  {
    kind: "policy",
    label: "Policy or permission",
    meaning: "A guardrail stopped it, a call was not permitted, or it did what the case forbids.",
  },
  {
    kind: "retrieval-miss",
    label: "Retrieval miss",
    meaning: "A source that the case expects was never retrieved.",
  },
  {
    kind: "wrong-tool",
    label: "Wrong tool",
    meaning: "An expected tool was not called, another was, or the order differs.",
  },
  {
    kind: "wrong-arguments",
    label: "Wrong arguments",
    meaning: "The right tools were called with arguments that do not fit.",
  },
  {
    kind: "ungrounded",
    label: "Ungrounded answer",
    meaning: "The answer claims what the retrieved sources do not support, or cites others.",
  },
  {
    kind: "other",
    label: "Wrong answer or other",
    meaning: "None of the above: the answer itself is not what the case expects.",
  },
];
