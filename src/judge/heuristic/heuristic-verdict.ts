import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { PAIR } from "../../config/judge/scale-categories.js";
import type { Subject } from "../../core/judgement.js";
import { bestLabel, labelOfScore } from "./label-of-score.js";
import { lexicalFaithfulness, type ScoredText } from "./lexical-faithfulness.js";
import { lexicalHelpfulness } from "./lexical-helpfulness.js";

type HeuristicName = NonNullable<JudgeConfig["heuristic"]>;

/** What a baseline says of an item. */
interface HeuristicVerdict {
  /** Label of the scale; `null` when the item gives nothing to compare. */
  readonly value: string | null;
  /** Score in [0, 1] on scales of claims; `null` on all others. */
  readonly share: number | null;
  /** The label, before any mapping; without one why there is none. */
  readonly word: string;
  readonly reasoning: string;
}

/** How a baseline gives a number to an answer, and from where on the answer passes on a scale of two labels. */
interface Comparison {
  readonly score: (subject: Subject, reads: JudgeConfig["reads"]) => ScoredText;
  readonly passesAt: number;
}

const comparisons = {
  // One claim without support is enough to make an answer unfaithful.
  lexical_faithfulness: { score: lexicalFaithfulness, passesAt: 1 },
  // Half of the question is the middle of the range: no labels were looked at.
  lexical_helpfulness: { score: lexicalHelpfulness, passesAt: 0.5 },
} satisfies Record<Exclude<HeuristicName, "majority">, Comparison>;

/** Word where all labels of a scale are good, and the score is low. */
const NO_LABEL = "no label stands for a low score";

/** Synonym by which a judge file names the label that `majority` always gives. */
const MAJORITY_WORD = "majority";

/**
 * Verdict of a baseline: a deterministic comparison of words without a model, or a constant. The same item always gets the
 * same verdict, and a pair the mirrored one when its answers are swapped (but for `majority`).
 *
 * - `lexical_faithfulness`, `lexical_helpfulness`: a score in [0, 1], see there; binary, claims and categorical scales
 *   pass at 1 and at 0.5, ordinal ones are cut into bands of equal width, pairs go to the higher score, equal ones tie.
 * - `majority`: the label that the judge file's `synonyms` give for the word `majority`; without it the best label,
 *   and `A` for pairs. It exists to be measured: a constant has kappa 0 however often it is right.
 *
 * @returns value `null` when there is no answer, or nothing to compare it with
 */
export function heuristicVerdict(
  name: HeuristicName,
  subject: Subject,
  config: JudgeConfig,
): HeuristicVerdict {
  if (subject.answer === null) return none("there is no answer");
  const isPair = config.scale.kind === "pairwise";
  if (isPair && subject.otherAnswer === null) return none("there is no second answer");
  if (name === "majority") return constant(config);
  const { score, passesAt } = comparisons[name];
  const first = score(subject, config.reads);
  if (first.score === null) return none(first.reasoning);
  if (isPair) return preferred(first, score({ ...subject, answer: subject.otherAnswer }, config.reads));
  const value = labelOfScore(config.scale, first.score, passesAt);
  return {
    value,
    share: config.scale.kind === "claims" ? first.score : null,
    word: value ?? NO_LABEL,
    reasoning: first.reasoning,
  };
}

function none(reasoning: string): HeuristicVerdict {
  return { value: null, share: null, word: reasoning, reasoning };
}

function constant({ scale, synonyms }: JudgeConfig): HeuristicVerdict {
  const named = synonyms[MAJORITY_WORD];
  const value = named ?? bestLabel(scale);
  // A constant claim judge finds all claims supported, or none.
  const share = scale.kind === "claims" ? (value === bestLabel(scale) ? 1 : 0) : null;
  return { value, share, word: MAJORITY_WORD, reasoning: "always this label, whatever the answer" };
}

function preferred(first: ScoredText, second: ScoredText): HeuristicVerdict {
  if (first.score === null || second.score === null) return none(second.reasoning);
  const value =
    first.score === second.score ? PAIR.tie : first.score > second.score ? PAIR.first : PAIR.second;
  return {
    value,
    share: null,
    word: value,
    reasoning: `${PAIR.first}: ${first.reasoning}; ${PAIR.second}: ${second.reasoning}`,
  };
}
