import type { JsonSchema } from "../../../core/message.js";
import type { ToolArguments } from "../../tools/tool.js";

/** A call that a candidate would make. */
export interface CandidateCall {
  readonly tool: string;
  readonly arguments: ToolArguments;
}

/** One way to go on: calls to make, or words to say to the user, never both. */
export interface Candidate {
  readonly id: string;
  readonly thought: string;
  readonly calls: readonly CandidateCall[];
  /** `null` for a candidate that acts. */
  readonly say: string | null;
  /** Read-only calls to make before the candidate is judged; nothing else is tried. */
  readonly probes: readonly CandidateCall[];
  /** 0 to 1; `null` when the model did not say. */
  readonly confidence: number | null;
}

const CALLS: JsonSchema = {
  type: "array",
  items: {
    type: "object",
    properties: { tool: { type: "string" }, arguments: { type: "object" } },
    required: ["tool", "arguments"],
    additionalProperties: false,
  },
};

/** JSON Schema of the candidates that a model is asked for. */
export const CANDIDATES_JSON_SCHEMA: JsonSchema = {
  type: "object",
  properties: {
    candidates: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        properties: {
          id: { type: "string", pattern: "^[A-Za-z0-9_-]{1,40}$" },
          thought: { type: "string" },
          calls: CALLS,
          say: { type: ["string", "null"] },
          probes: CALLS,
          confidence: { type: "number", minimum: 0, maximum: 1 },
        },
        required: ["id", "thought"],
        additionalProperties: false,
      },
    },
  },
  required: ["candidates"],
  additionalProperties: false,
};

/** What holds once an answer satisfies the schema. */
export interface CandidatesAnswer {
  readonly candidates: readonly (Pick<Candidate, "id" | "thought"> & Partial<Candidate>)[];
}

/** Candidates with defaults, and what keeps the answer from being used. */
export function readCandidates(
  { candidates }: CandidatesAnswer,
  most: number,
): { readonly value: readonly Candidate[] } | { readonly problems: readonly string[] } {
  const read = candidates.slice(0, most).map(
    ({ id, thought, calls = [], say = null, probes = [], confidence = null }): Candidate => ({
      id,
      thought,
      calls,
      say: say === "" ? null : say,
      probes,
      confidence,
    }),
  );
  const ids = read.map(({ id }) => id);
  const problems = [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `candidate ${id}: the id is taken`),
    ...read
      .filter(({ calls, say }) => calls.length > 0 === (say !== null))
      .map(({ id }) => `candidate ${id}: wants either \`calls\` or \`say\``),
  ];
  return problems.length > 0 ? { problems } : { value: read };
}
