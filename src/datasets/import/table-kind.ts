/** A JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A kind of file that a command of `agentctl` reads. */
export interface FileKind {
  /** What it is, with an article. */
  readonly name: string;
  /** The command that reads it. */
  readonly command: string;
}

/** Kinds by what their first object holds; the first that fits. */
const KINDS: readonly (FileKind & {
  readonly fits: (value: Readonly<Record<string, unknown>>) => boolean;
})[] = [
  {
    name: "a log of OpenAI evals",
    command: "agentctl import openai-evals",
    fits: (value) => isRecord(value.spec) && ("eval_name" in value.spec || "run_id" in value.spec),
  },
  {
    name: "a log of Inspect",
    command: "agentctl import inspect",
    fits: (value) => isRecord(value.eval) && ("task" in value.eval || "model" in value.eval),
  },
  {
    name: "a results file of promptfoo",
    command: "agentctl import promptfoo",
    fits: (value) => isRecord(value.results) && Array.isArray(value.results.results),
  },
  {
    name: "a configuration of promptfoo",
    command: "agentctl import promptfoo",
    fits: (value) => ("prompts" in value || "providers" in value) && "tests" in value,
  },
  {
    name: "results of tau-bench or tau2-bench",
    command: "agentctl import tau",
    fits: (value) =>
      Array.isArray(value.simulations) || ("task_id" in value && ("traj" in value || "messages" in value)),
  },
  {
    name: "a golden set",
    command: "agentctl dataset check",
    fits: (value) => "id" in value && "input" in value && isRecord(value.expect),
  },
];

/** The kind that an object, the first of a file, shows; `null` when it shows none. */
export function kindOf(value: unknown): FileKind | null {
  return isRecord(value) ? (KINDS.find((kind) => kind.fits(value)) ?? null) : null;
}

/**
 * `; this is a log of Inspect: run …` when the object is of another command's kind, else an empty text.
 *
 * @param command - the command that is running
 */
export function otherKindHint(value: unknown, command: string): string {
  const kind = kindOf(value);
  return kind === null || kind.command === command ? "" : `; this is ${kind.name}: run \`${kind.command}\``;
}
