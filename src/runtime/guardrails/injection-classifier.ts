import { type Signal, TAKEOVER_SIGNALS } from "./signals.js";
import { hidesText, textViews } from "./text-views.js";

/** What a classifier says of a text. */
export interface Verdict {
  /** 0 to 1. Not a probability: it orders texts, and thresholds are set on it. */
  readonly score: number;
  /** Names of what was found, without the text itself. */
  readonly signals: readonly string[];
}

/** Name and version of the classifier of user messages; the version changes with every rule. */
export const INJECTION_CLASSIFIER = "heuristic:injection@2";

/** Weight of an encoding that was undone and held an attack; encodings do not happen by chance. */
const ENCODED = 0.4;
const HIDDEN = 0.35;
/** A decoded text must be this suspicious by itself: most of what is decoded was never encoded. */
const DECODED_FLOOR = 0.5;
/** Characters that are read; attacks stand at the start or the end of a padded text. */
const MAX_READ = 12_000;

/**
 * How much a message reads like an attempt to take over the agent: to set its rules aside, give it another role, get
 * its instructions or secrets, forge the marks of other speakers, or hide any of this in an encoding. Lexical and
 * English; a rephrased attack gets through, and what it must not do is enforced elsewhere, in code.
 */
export function classifyInjection(text: string): Verdict {
  const read =
    text.length <= MAX_READ ? text : `${text.slice(0, MAX_READ / 2)}\n${text.slice(-MAX_READ / 2)}`;
  const weights = new Map<string, number>();
  for (const view of textViews(read)) {
    const found = weightsOf(view.text, TAKEOVER_SIGNALS);
    if (view.encoding !== "plain") {
      if (combined(found) < DECODED_FLOOR || isWithin(found, weights)) continue;
      note(weights, `encoded-${view.encoding}`, ENCODED);
    }
    for (const [name, weight] of found) note(weights, name, weight);
  }
  if (hidesText(read)) note(weights, "hidden-characters", HIDDEN);
  return { score: combined(weights), signals: [...weights.keys()] };
}

/** Weights of the signals of a text, the largest of each name. */
export function weightsOf(text: string, signals: readonly Signal[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const { name, weight, pattern } of signals) {
    if ((weights.get(name) ?? 0) < weight && pattern.test(text)) weights.set(name, weight);
  }
  return weights;
}

/** As if each signal were independent evidence: 1 − Π(1 − weight). */
export function combined(weights: ReadonlyMap<string, number>): number {
  let rest = 1;
  for (const weight of weights.values()) rest *= 1 - weight;
  return Math.round((1 - rest) * 1000) / 1000;
}

function note(weights: Map<string, number>, name: string, weight: number): void {
  weights.set(name, Math.max(weights.get(name) ?? 0, weight));
}

function isWithin(found: ReadonlyMap<string, number>, known: ReadonlyMap<string, number>): boolean {
  return [...found].every(([name, weight]) => (known.get(name) ?? 0) >= weight);
}
