import type { MetricFacts, Score } from "../../core/score.js";
import { isRecord } from "./table-kind.js";

const LETTERS: Readonly<Record<string, number>> = { C: 1, I: 0, P: 0.5, N: 0 };
const WORDS: Readonly<Record<string, number>> = { yes: 1, true: 1, no: 0, false: 0 };
const MAX_DETAIL = 300;

/** Scores of one sample by name, `scorer` or `scorer.key`, with the value as the log has it. */
export interface SampleScores {
  readonly raw: ReadonlyMap<string, unknown>;
  readonly details: ReadonlyMap<string, string>;
}

/** The scores of a sample; a score that is an object gives one for each of its keys. */
export function sampleScores(sample: Readonly<Record<string, unknown>>): SampleScores {
  const raw = new Map<string, unknown>();
  const details = new Map<string, string>();
  const scores = isRecord(sample.scores)
    ? sample.scores
    : isRecord(sample.score)
      ? { score: sample.score }
      : {};
  for (const [scorer, score] of Object.entries(scores)) {
    const value = isRecord(score) && "value" in score ? score.value : score;
    if (isRecord(value)) for (const [key, part] of Object.entries(value)) raw.set(`${scorer}.${key}`, part);
    else raw.set(scorer, value);
    const detail = isRecord(score) ? (score.explanation ?? score.answer) : null;
    if (typeof detail === "string" && detail !== "" && !isRecord(value))
      details.set(scorer, detail.slice(0, MAX_DETAIL));
  }
  return { raw, details };
}

/** A value as Inspect's `value_to_float` reads it: C 1, P .5, I and N 0, yes and no, numbers; `null` for others. */
export function numberOf(value: unknown): number | null {
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string") return null;
  const word = LETTERS[value] ?? WORDS[value.toLowerCase()];
  if (word !== undefined) return word;
  const number = Number(value);
  return value.trim() === "" || !Number.isFinite(number) ? null : number;
}

/** Whether a value says right or wrong by itself, unlike the number 1, which may be the end of a scale. */
function isVerdict(value: unknown): boolean {
  return (
    typeof value === "boolean" || (typeof value === "string" && /^(C|I|N|yes|no|true|false)$/i.test(value))
  );
}

/** How the values of one scorer over all samples are to be read. */
export type Scale = "verdicts" | "partial" | "zero-one" | "numbers";

/** The scale of a scorer's values; those that are missing do not count. */
export function scaleOf(values: readonly unknown[]): Scale {
  const present = values.filter((value) => value !== null && value !== undefined);
  if (present.every(isVerdict)) return "verdicts";
  if (present.every((value) => isVerdict(value) || value === "P")) return "partial";
  return present.every((value) => [0, 1].includes(numberOf(value) ?? -1)) ? "zero-one" : "numbers";
}

/** The success that a value means: 1 only when it is wholly right; `null` when its scale does not say. */
export function rewardOf(value: unknown, scale: Scale): 0 | 1 | null {
  const number = numberOf(value);
  if (number === null || scale === "numbers") return null;
  return number === 1 ? 1 : 0;
}

/** Name of the metric of a scorer, e.g. `inspect.match`. */
export function metricOf(scorer: string): string {
  return `inspect.${scorer.replace(/[^\w.-]+/g, "_")}`;
}

/** A value as the score of a metric. */
export function scoreOf(value: unknown, detail: string | undefined): Score {
  const number = numberOf(value);
  if (number !== null) return { value: number, ...(detail !== undefined && { detail }) };
  const reason = value === undefined ? "not scored" : value === null ? "no value" : "the value is no number";
  return { value: null, reason };
}

/** What is known of a scorer's metric. */
export function factsOf(scorer: string, scale: Scale): MetricFacts {
  const isShare = scale === "verdicts" || scale === "zero-one";
  return {
    name: metricOf(scorer),
    layer: "agent",
    unit: isShare ? "proportion" : "score",
    direction: "higher",
    aggregate: isShare ? "proportion" : "mean",
    description: isShare
      ? `Share of samples that Inspect's scorer \`${scorer}\` found right.`
      : `Value of Inspect's scorer \`${scorer}\`, with C as 1, P as .5, I and N as 0; mean over samples.`,
  };
}
