import { UsageError } from "../../../core/errors.js";
import type { GoldenCase } from "../../../core/golden-case.js";
import { readDataset } from "../../../datasets/read-dataset.js";
import { SeededRandom } from "../../../stats/random.js";

interface Message {
  readonly role: string;
  readonly content: string;
}

/** Messages of the n-th request. */
export type Prompts = (index: number) => readonly Message[];

const SYLLABLES = ["ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve"];

/**
 * Texts of so many words of four letters, each another from its first word on: no cache of prefixes knows it. A word is
 * about two tokens of most tokenizers, so half as many words are taken as tokens are wanted.
 */
export function syntheticPrompts(tokens: number, seed: number): Prompts {
  return (index) => {
    const random = new SeededRandom(seed * 1_000_003 + index);
    const syllable = () => SYLLABLES[random.nextBelow(SYLLABLES.length)] ?? "";
    const words = Array.from({ length: Math.max(1, Math.round(tokens / 2)) }, () => syllable() + syllable());
    return [{ role: "user", content: words.join(" ") }];
  };
}

/**
 * Inputs of golden cases, in turn.
 *
 * @throws {UsageError} when no case has an input that can be sent as it is
 */
function casePrompts(cases: readonly GoldenCase[], file: string): Prompts {
  const messages = cases.flatMap(({ input }): Message[][] => {
    if (input.kind === "text") return [[{ role: "user", content: input.text }]];
    return input.kind === "messages" ? [[...input.messages]] : [];
  });
  if (messages.length === 0) throw new UsageError(`${file} has no case whose input is a text or messages`);
  return (index) => messages[index % messages.length] ?? [];
}

/**
 * The prompts that flags ask for: inputs of a golden set, else made-up ones.
 *
 * @throws {DatasetError} for a file that is no golden set
 */
export async function readPrompts(
  flags: { readonly dataset?: string; readonly promptTokens: number; readonly seed: number },
  resolvePath: (file: string) => string,
): Promise<Prompts> {
  if (flags.dataset === undefined) return syntheticPrompts(flags.promptTokens, flags.seed);
  const { cases } = await readDataset(resolvePath(flags.dataset));
  return casePrompts(cases, flags.dataset);
}
