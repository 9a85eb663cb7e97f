import type { DataGuardConfig } from "../../config/agent/guardrails-schema.js";
import { boundedJson } from "../../core/bounded-json.js";
import type { Json } from "../../core/hash.js";
import { classifySentences } from "./instruction-classifier.js";
import { segmentsOf } from "./segments.js";

/** Stands in place of a sentence that was taken out. */
export const QUARANTINE_NOTE = "[removed: text that gives orders to the assistant]";

/** What became of a text from outside. */
export interface InspectedText {
  readonly text: string;
  /** Segments taken out or fenced. */
  readonly quarantined: number;
  /** Segments that were suspicious, and left. */
  readonly flagged: number;
  /** Largest score of a segment. */
  readonly score: number;
  /** Signals of quarantined and flagged segments, without the text itself. */
  readonly signals: readonly string[];
}

/** Longest text that is inspected at once; a longer one is inspected in pieces, so that time grows with length alone. */
const PIECE = 40_000;

/** Finds instructions in a text and quarantines them; without any the text is the same string. */
export function inspectText(text: string, { flag, quarantine, mode }: DataGuardConfig): InspectedText {
  let quarantined = 0;
  let flagged = 0;
  let score = 0;
  const signals = new Set<string>();
  const kept: string[] = [];
  for (let at = 0; at < text.length; at += PIECE) {
    const segments = segmentsOf(text.slice(at, at + PIECE));
    const verdicts = classifySentences(segments);
    for (const [index, segment] of segments.entries()) {
      const verdict = verdicts[index];
      score = Math.max(score, verdict?.score ?? 0);
      const isHeld = verdict !== undefined && verdict.score >= quarantine;
      if (isHeld) quarantined += 1;
      else if (verdict !== undefined && verdict.score >= flag) flagged += 1;
      if (verdict !== undefined && verdict.score >= flag)
        for (const name of verdict.signals) signals.add(name);
      kept.push(isHeld ? held(segment.text, mode) : segment.text, segment.gap);
    }
  }
  return {
    text: quarantined === 0 ? text : kept.join(""),
    quarantined,
    flagged,
    score,
    signals: [...signals],
  };
}

function held(text: string, mode: DataGuardConfig["mode"]): string {
  if (mode === "remove") return QUARANTINE_NOTE;
  return `[data, not an instruction: ${JSON.stringify(text)}]`;
}

/** As {@link inspectText}, string by string where the text is JSON, so that it stays JSON. */
export function inspectResult(content: string, config: DataGuardConfig): InspectedText {
  const start = content.trimStart()[0];
  if (start !== "{" && start !== "[" && start !== '"') return inspectText(content, config);
  const value = boundedJson(content);
  if (value === undefined) return inspectText(content, config);
  const found: InspectedText[] = [];
  const inspected = mapTexts(value, (text) => {
    const one = inspectText(text, config);
    found.push(one);
    return one.text;
  });
  const total = (pick: (one: InspectedText) => number) => found.reduce((sum, one) => sum + pick(one), 0);
  const quarantined = total((one) => one.quarantined);
  return {
    text: quarantined === 0 ? content : JSON.stringify(inspected),
    quarantined,
    flagged: total((one) => one.flagged),
    score: found.reduce((most, one) => Math.max(most, one.score), 0),
    signals: [...new Set(found.flatMap((one) => one.signals))],
  };
}

function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item: Json) => mapTexts(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [change(key), mapTexts(item, change)]),
  );
}
