import { z } from "zod";

/** One claim that a judge found in a text, and what it says of it. */
export interface JudgedClaim {
  readonly claim: string;
  readonly verdict: string;
  /** Words of the evidence; empty when the judge gave none. */
  readonly quote: string;
}

/** What a judge answered, or why that is not what it was asked for. */
export type ParsedReply = { readonly claims: readonly JudgedClaim[] } | { readonly problem: string };

const replySchema = z.object({
  claims: z.array(
    z.object({
      claim: z.string().min(1),
      verdict: z.string(),
      quote: z
        .string()
        .nullish()
        .transform((quote) => quote ?? ""),
    }),
  ),
});

/** Problems named to a judge that is asked to repair its reply. */
const MOST_PROBLEMS = 3;

/**
 * Reads a judge's reply: one JSON object, bare or in a code fence. A verdict outside the list is a problem, never
 * guessed at.
 *
 * @param verdicts - the words that a verdict may be, in lower case
 */
export function parseClaimReply(text: string, verdicts: readonly string[]): ParsedReply {
  const value = jsonIn(text);
  if (value === undefined) return { problem: "the reply is not one JSON object" };
  const parsed = replySchema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.join(".") || "reply"}: ${message}`,
    );
    return { problem: problems.slice(0, MOST_PROBLEMS).join("; ") };
  }
  const claims = parsed.data.claims.map((one) => ({ ...one, verdict: one.verdict.trim().toLowerCase() }));
  const strange = claims.findIndex(({ verdict }) => !verdicts.includes(verdict));
  return strange === -1
    ? { claims }
    : { problem: `claims.${strange}.verdict: expected one of ${verdicts.join(", ")}` };
}

/** The JSON value that a text is, bare or in a code fence; `undefined` for anything else. */
export function jsonIn(text: string): unknown {
  const fenced = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(text);
  try {
    return JSON.parse(fenced?.[1] ?? text);
  } catch {
    return undefined;
  }
}
