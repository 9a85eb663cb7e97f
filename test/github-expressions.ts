import { data, Evaluator, Lexer, Parser } from "@actions/expressions";

/** Contexts by name, such as `inputs` and `steps`. */
export type Contexts = { readonly [name: string]: unknown };

/** What `success()` and its like say. */
export interface JobStatus {
  readonly hasFailed: boolean;
}

/** Evaluates an expression as GitHub does, by its own evaluator. */
function evaluate(expression: string, contexts: Contexts, { hasFailed }: JobStatus): data.ExpressionData {
  const functions = Object.entries({
    always: true,
    success: !hasFailed,
    failure: hasFailed,
    cancelled: false,
  }).map(([name, value]) => ({
    name,
    description: name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  }));
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse();
  const known = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  return new Evaluator(parsed, known, new Map(functions.map((one) => [one.name, one]))).evaluate();
}

/** Replaces every `${{ … }}` of a text. */
export function interpolate(text: string, contexts: Contexts, status: JobStatus): string {
  return text.replaceAll(/\$\{\{(.+?)\}\}/g, (_, inner: string) =>
    evaluate(inner, contexts, status).coerceString(),
  );
}

/** Whether a step runs: without a word on the status of the job, only while nothing has failed. */
export function isWanted(condition: string | undefined, contexts: Contexts, status: JobStatus): boolean {
  const inner = (condition ?? "success()").replace(/^\s*\$\{\{(.*)\}\}\s*$/s, "$1");
  const names = /\b(always|success|failure|cancelled)\s*\(/;
  const whole = names.test(inner) ? inner : `success() && (${inner})`;
  const value = evaluate(whole, contexts, status);
  return value.kind === data.Kind.Boolean ? (value as data.BooleanData).value : value.coerceString() !== "";
}
