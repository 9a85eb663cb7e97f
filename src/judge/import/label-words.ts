import { quoteShort } from "../../config/found-and-wanted.js";
import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { categoriesOf } from "../../config/judge/scale-categories.js";
import { UsageError } from "../../core/errors.js";
import { didYouMean, listNames } from "../../core/nearest.js";

/** Which label the words of a file stand for. */
export interface LabelWords {
  /** Declared words beside the labels themselves. */
  readonly words: ReadonlyMap<string, string>;
  /** All labels there are; `null`: any. */
  readonly labels: readonly string[] | null;
  /** Lowest and highest grade of an ordinal scale. */
  readonly range: readonly [number, number] | null;
}

/**
 * @param map - `word=label` pairs, in order; they win over the judge's own synonyms
 * @param judge - the project's judge file of the rubric; without one, and without a map, every word is a label
 * @throws {UsageError} with what is wrong with the map
 */
export function labelWords(
  map: readonly string[],
  judge: Pick<JudgeConfig, "scale" | "synonyms"> | null,
): LabelWords {
  const labels = judge === null ? null : categoriesOf(judge.scale);
  const words = new Map(Object.entries(judge?.synonyms ?? {}));
  const own = new Map<string, string>();
  for (const pair of map) {
    const equals = pair.indexOf("=");
    const [word, label] = [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
    if (equals < 1 || label === "") {
      throw new UsageError(`--map ${pair}: expected word=label`, {
        nextStep: "write for example --map 1=A,2=B",
      });
    }
    const earlier = own.get(word);
    if (earlier !== undefined && earlier !== label) {
      throw new UsageError(
        `--map: ${quoteShort(word)} stands for ${quoteShort(earlier)} and ${quoteShort(label)}`,
        {
          nextStep: "map each word once",
        },
      );
    }
    if (labels !== null && !labels.includes(label)) {
      throw new UsageError(
        `--map ${pair}: expected one of the rubric's labels ${listNames(labels)}, found ${quoteShort(label)}` +
          didYouMean(label, labels),
      );
    }
    own.set(word, label);
  }
  for (const [word, label] of own) words.set(word, label);
  const grades = judge?.scale.kind === "ordinal" ? judge.scale.levels.map(({ value }) => value) : [];
  return {
    words,
    labels: labels ?? (own.size === 0 ? null : [...new Set(own.values())]),
    range: grades.length === 0 ? null : [Math.min(...grades), Math.max(...grades)],
  };
}

/**
 * The label that a word stands for, `null` when nobody declared it. `3.0` is the grade 3: programs write whole numbers
 * that way where a column has gaps.
 */
export function labelOf(word: string, { words, labels, range }: LabelWords): string | null {
  const plain = word.trim();
  const declared = words.get(plain);
  if (declared !== undefined) return declared;
  if (labels === null || labels.includes(plain)) return plain;
  if (range === null) return null;
  return labels.find((label) => plain !== "" && Number(label) === Number(plain)) ?? null;
}

/** Whether a word is a grade, but one that the scale does not have. */
export function isOutOfRange(word: string, { range }: LabelWords): boolean {
  if (range === null || word.trim() === "") return false;
  const grade = Number(word);
  return Number.isFinite(grade) && (grade < range[0] || grade > range[1]);
}
