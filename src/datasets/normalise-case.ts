import type {
  CaseInput,
  Expectation,
  ExpectedToolCall,
  GoldenCase,
  OfferedTool,
  UserInput,
} from "../core/golden-case.js";
import { sha256 } from "../core/hash.js";
import type { JsonSchema } from "../core/message.js";
import { caseHash } from "./case-hash.js";
import type { FlatCase, FullCase } from "./golden-case-schema.js";

/**
 * Turns a checked line into a case: defaults filled in, and the hash of all its content but the line.
 *
 * @param line - 1-based line in the file
 */
export function normaliseFullCase(source: FullCase, line: number): GoldenCase {
  return withHash(
    { id: source.id, input: inputOf(source.input), expect: expectationOf(source.expect ?? {}) },
    source,
    line,
  );
}

/**
 * The same for the flat shape. Its default id is made from the question alone, so that it stays the same
 * when the expectation is corrected or the line moves, and does not give the text of a holdout case away.
 */
export function normaliseFlatCase(source: FlatCase, line: number): GoldenCase {
  return withHash(
    {
      id: source.id ?? flatCaseId(source.question),
      input: { kind: "text", text: source.question },
      expect: expectationOf({
        sources: listOf(source.expected_source),
        must_include: listOf(source.must_include),
        must_not_include: listOf(source.must_not_include),
        answer: source.answer,
        refusal: source.refusal,
      }),
    },
    source,
    line,
  );
}

/** `case-` and the first 12 hex digits of the SHA-256 of a question. */
export function flatCaseId(question: string): string {
  return `case-${sha256(question).slice(0, 12)}`;
}

type Core = Pick<GoldenCase, "id" | "input" | "expect">;
type Metadata = Pick<FullCase, "environment" | "risk" | "tags" | "group" | "split" | "review">;

function withHash({ id, input, expect }: Core, metadata: Metadata, line: number): GoldenCase {
  const environment = metadata.environment ?? null;
  const risk = metadata.risk ?? null;
  const tags = metadata.tags ?? [];
  const group = metadata.group ?? id;
  const split = metadata.split ?? "dev";
  const review = reviewOf(metadata.review);
  const hash = caseHash({ id, input, expect, environment, risk, tags, group, split, review });
  return { id, input, expect, environment, risk, tags, group, split, review, line, hash };
}

function reviewOf(review: Metadata["review"]): GoldenCase["review"] {
  if (review === null || review === undefined) return null;
  return { status: review.status, by: review.by ?? null, at: review.at ?? null };
}

function inputOf(input: FullCase["input"]): CaseInput {
  if (typeof input === "string") return { kind: "text", text: input };
  if (input.user !== undefined) return userInputOf(input.user);
  return { kind: "messages", messages: input.messages ?? [] };
}

function userInputOf(user: UserSource): UserInput {
  return {
    kind: "user",
    goal: user.goal,
    script: user.script ?? null,
    ...(user.persona && { persona: user.persona }),
    ...(typeof user.max_turns === "number" && { maxTurns: user.max_turns }),
    ...(user.end_marks && { endMarks: user.end_marks }),
    ...(user.tools && { tools: user.tools }),
  };
}

type UserSource = NonNullable<Exclude<FullCase["input"], string>["user"]>;
type ExpectSource = Exclude<FullCase["expect"], null | undefined>;

function expectationOf(expect: ExpectSource): Expectation {
  return {
    ...sourcesOf(expect.sources),
    mustInclude: expect.must_include ?? [],
    mustNotInclude: expect.must_not_include ?? [],
    answer: expect.answer ?? null,
    toolCalls: expect.tool_calls?.map(expectedCallOf) ?? null,
    toolCallsMode: expect.tool_calls_mode ?? "subset",
    ...(expect.tools && { tools: expect.tools as readonly OfferedTool[] }),
    state: (expect.state ?? null) as Expectation["state"],
    outputs: expect.outputs ?? [],
    refusal: expect.refusal ?? null,
    ...(expect.schema && { schema: expect.schema as JsonSchema }),
  };
}

function sourcesOf(sources: ExpectSource["sources"]): Pick<Expectation, "sources" | "grades"> {
  return sources === null || sources === undefined || Array.isArray(sources)
    ? { sources: sources ?? [] }
    : gradedSources(sources);
}

/** The sources that grades by document id mean: those with grade 1 or more. Grades that are all 1 need no keeping. */
export function gradedSources(grades: {
  readonly [documentId: string]: number;
}): Pick<Expectation, "sources" | "grades"> {
  const sources = Object.keys(grades).filter((id) => (grades[id] as number) >= 1);
  const isPlain = Object.values(grades).every((grade) => grade === 1);
  return isPlain ? { sources } : { sources, grades };
}

type CallSource = NonNullable<ExpectSource["tool_calls"]>[number];

function expectedCallOf(source: CallSource): ExpectedToolCall {
  return {
    name: source.name,
    args: source.args as ExpectedToolCall["args"],
    ...(source.args_mode && { argsMode: source.args_mode }),
    ...(typeof source.tolerance === "number" && { tolerance: source.tolerance }),
    ...(source.args_schema && { argsSchema: source.args_schema as JsonSchema }),
  };
}

function listOf(value: string | readonly string[] | null | undefined): string[] {
  if (value === null || value === undefined) return [];
  return typeof value === "string" ? [value] : [...value];
}
