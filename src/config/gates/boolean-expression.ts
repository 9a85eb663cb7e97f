/** What is said with `and`, `or`, `not` and parentheses over single claims. */
export type BooleanExpression<Claim> =
  | { readonly kind: "and" | "or"; readonly parts: readonly BooleanExpression<Claim>[] }
  | { readonly kind: "not"; readonly part: BooleanExpression<Claim> }
  | { readonly kind: "claim"; readonly claim: Claim };

/** A word, a quoted text, or a sign of the language; `text` is without its quotes. */
export interface Token {
  readonly kind: "word" | "text" | "sign";
  readonly text: string;
}

export type Parsed<Value> = { readonly value: Value } | { readonly problem: string };

/** Reads one claim at the front of the tokens, and says how many it took. */
export type ClaimReader<Claim> = (
  tokens: readonly Token[],
) => { readonly claim: Claim; readonly taken: number } | { readonly problem: string };

const TOKEN = /\s*(?:"([^"]*)"|'([^']*)'|(!=|<=|>=|[()=<>,])|([^\s()=<>!,"']+))/uy;
/** Deeper nesting is no condition that a person reads, and would exhaust the stack. */
const MAX_DEPTH = 50;

/** Thrown and caught in this file alone: it carries what is wrong out of the recursion. */
class ExpressionProblem extends Error {}

/**
 * Reads a condition. `not` binds closest, then `and`, then `or`.
 *
 * @param readClaim - what stands between the connectives
 * @returns the expression, or one phrase that says what is wrong with the text
 */
export function parseBooleanExpression<Claim>(
  text: string,
  readClaim: ClaimReader<Claim>,
): Parsed<BooleanExpression<Claim>> {
  try {
    return { value: new Reader(tokensOf(text), readClaim).whole() };
  } catch (error) {
    if (error instanceof ExpressionProblem) return { problem: error.message };
    throw error;
  }
}

/**
 * Whether an expression holds, in Kleene's three values: `null` is unknown, and stays so unless what is known
 * decides.
 */
export function evaluateExpression<Claim>(
  expression: BooleanExpression<Claim>,
  holds: (claim: Claim) => boolean | null,
): boolean | null {
  if (expression.kind === "claim") return holds(expression.claim);
  if (expression.kind === "not") {
    const inner = evaluateExpression(expression.part, holds);
    return inner === null ? null : !inner;
  }
  const decisive = expression.kind === "or";
  const values = expression.parts.map((part) => evaluateExpression(part, holds));
  if (values.includes(decisive)) return decisive;
  return values.includes(null) ? null : !decisive;
}

/** Every claim of an expression, from left to right. */
export function claimsOf<Claim>(expression: BooleanExpression<Claim>): Claim[] {
  if (expression.kind === "claim") return [expression.claim];
  return (expression.kind === "not" ? [expression.part] : expression.parts).flatMap(claimsOf);
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== "") {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new ExpressionProblem(`cannot be read from \`${text.slice(start).trim()}\` on`);
    const [, double, single, sign, word] = match;
    const quoted = double ?? single;
    if (quoted !== undefined) tokens.push({ kind: "text", text: quoted });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else tokens.push({ kind: "word", text: word as string });
  }
  return tokens;
}

class Reader<Claim> {
  private at = 0;
  private depth = 0;
  constructor(
    private readonly tokens: readonly Token[],
    private readonly readClaim: ClaimReader<Claim>,
  ) {}

  whole(): BooleanExpression<Claim> {
    if (this.tokens.length === 0) throw new ExpressionProblem("is empty");
    const expression = this.chain("or");
    const rest = this.tokens[this.at];
    if (rest === undefined) return expression;
    throw new ExpressionProblem(
      rest.text === ")"
        ? "closes a parenthesis that was not opened"
        : `wants \`and\` or \`or\` before \`${rest.text}\``,
    );
  }

  private chain(kind: "and" | "or"): BooleanExpression<Claim> {
    const next = () => (kind === "or" ? this.chain("and") : this.negation());
    const parts = [next()];
    while (this.take(kind)) parts.push(next());
    return parts.length === 1 ? (parts[0] as BooleanExpression<Claim>) : { kind, parts };
  }

  private negation(): BooleanExpression<Claim> {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new ExpressionProblem(`is nested more than ${MAX_DEPTH} deep`);
    const expression = this.take("not") ? { kind: "not" as const, part: this.negation() } : this.single();
    this.depth -= 1;
    return expression;
  }

  private single(): BooleanExpression<Claim> {
    if (this.take("(")) {
      const inner = this.chain("or");
      if (!this.take(")")) throw new ExpressionProblem("opens a parenthesis that is not closed");
      return inner;
    }
    const rest = this.tokens.slice(this.at);
    if (rest.length === 0) throw new ExpressionProblem("ends where a claim is wanted");
    const read = this.readClaim(rest);
    if ("problem" in read) throw new ExpressionProblem(read.problem);
    this.at += read.taken;
    return { kind: "claim", claim: read.claim };
  }

  /** A quoted `"and"` is a value, never a connective. */
  private take(text: string): boolean {
    const token = this.tokens[this.at];
    if (token === undefined || token.kind === "text" || token.text !== text) return false;
    this.at += 1;
    return true;
  }
}
