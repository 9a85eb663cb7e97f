import type { Json } from "./hash.js";
import type { JsonSchema } from "./message.js";

type Risk = "low" | "medium" | "high" | "critical";
type Split = "dev" | "test" | "holdout";
export type ToolCallsMode = "exact" | "subset" | "ordered" | "unordered";

/** How the arguments of one call are compared with the expected ones. */
type ArgsMode = "exact" | "subset" | "any_of" | "regex";

/**
 * A tool call that a case expects, or an action that its gold solution takes. The optional keys are absent where not
 * stated, so that hashes of cases without them stay as they were.
 */
export interface ExpectedToolCall {
  readonly name: string;
  readonly args: { readonly [key: string]: Json };
  /**
   * Default `exact`: the same arguments. `subset`: the call may have others too. `any_of`: each value is the list of
   * acceptable values; `""` in it means that the argument may be left out. `regex`: texts are patterns.
   */
  readonly argsMode?: ArgsMode;
  /** Largest absolute difference at which two numbers are equal, 0 or more; default 0. */
  readonly tolerance?: number;
  /** JSON Schema that the arguments must satisfy; default: that of the tool of this name in the case's tools. */
  readonly argsSchema?: JsonSchema;
}

/** A tool that a case offers to the agent. */
export interface OfferedTool {
  readonly name: string;
  /** JSON Schema of the arguments; BFCL's type words `dict`, `float`, `tuple` and `any` are understood. */
  readonly parameters: JsonSchema;
}

/** What a good answer to a case looks like. `null` or empty means: not stated, so not scored. */
export interface Expectation {
  /** Ids of documents that the answer must rest on: those with grade 1 or more where the case states grades. */
  readonly sources: readonly string[];
  /**
   * Relevance of documents by id, whole numbers: 1 or more is relevant, 0 judged and not relevant, below 0 unjudged.
   * Absent where not stated: every source then has grade 1. Hashes of cases without grades stay as they were.
   */
  readonly grades?: { readonly [documentId: string]: number };
  /** Phrases that the final answer must contain (case and white space are ignored). */
  readonly mustInclude: readonly string[];
  /** Phrases that the final answer must not contain. */
  readonly mustNotInclude: readonly string[];
  /** A reference answer. */
  readonly answer: string | null;
  /** Expected tool calls; `null`: not stated; `[]`: none allowed. */
  readonly toolCalls: readonly ExpectedToolCall[] | null;
  readonly toolCallsMode: ToolCallsMode;
  /** The tools on offer, for the validity of calls. Absent where not stated, as {@link Expectation.schema}. */
  readonly tools?: readonly OfferedTool[];
  /** The final state must equal the state that these actions produce on a fresh environment. */
  readonly state: { readonly actions: readonly ExpectedToolCall[] } | null;
  /** Texts that must each occur in some reply to the user (commas and case are ignored, as in tau-bench). */
  readonly outputs: readonly string[];
  /** Whether the agent must decline: `null`: not stated. */
  readonly refusal: boolean | null;
  /**
   * JSON Schema that the final answer must satisfy. Absent where not stated, unlike the other keys: the hashes of
   * cases without one, and runs stored before it was known, stay as they were.
   */
  readonly schema?: JsonSchema;
}

/** A case that states nothing: it is run, and only its operation is measured. */
export const NOTHING_EXPECTED: Expectation = {
  sources: [],
  mustInclude: [],
  mustNotInclude: [],
  answer: null,
  toolCalls: null,
  toolCallsMode: "subset",
  state: null,
  outputs: [],
  refusal: null,
};

/** What the user says: one message, a conversation so far, or a user that goes on talking. */
export type CaseInput =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "messages";
      readonly messages: readonly { readonly role: "user" | "assistant"; readonly content: string }[];
    }
  | UserInput;

/** A user that goes on talking. Optional keys are absent where not stated, as in {@link ExpectedToolCall}. */
export interface UserInput {
  readonly kind: "user";
  /** What the user wants, and all that it knows. */
  readonly goal: string;
  /** What it says, turn by turn; `null`: a model plays it. */
  readonly script: readonly string[] | null;
  /** How the user is and talks, for a model that plays it. */
  readonly persona?: string;
  /** Messages after which a played user leaves, at least 1; default: no limit. */
  readonly maxTurns?: number;
  /** Texts by which a played user leaves; default: those of tau2-bench. */
  readonly endMarks?: readonly string[];
  /** Tools of the environment that a played user has; default: none. */
  readonly tools?: readonly string[];
}

/** One golden example. Named GoldenCase because `case` is reserved; "case" everywhere a user reads. */
export interface GoldenCase {
  readonly id: string;
  readonly input: CaseInput;
  readonly expect: Expectation;
  /** Name of the environment that the case runs in, or `null` for the agent's own. */
  readonly environment: string | null;
  readonly risk: Risk | null;
  readonly tags: readonly string[];
  /** Cluster for standard errors; defaults to the case's id. */
  readonly group: string;
  readonly split: Split;
  readonly review: {
    readonly status: "approved" | "rejected" | "pending";
    readonly by: string | null;
    readonly at: string | null;
  } | null;
  /** 1-based line in the dataset file. */
  readonly line: number;
  /** SHA-256 of the case's canonical content (without its line). */
  readonly hash: string;
}

/** A golden set as read from one file. */
export interface Dataset {
  readonly name: string;
  readonly path: string;
  readonly cases: readonly GoldenCase[];
  /** SHA-256 over the case hashes in file order. */
  readonly hash: string;
}
