import { wrap } from "./text-style.js";

/** Sentences as a list, wrapped to a width, each behind a dash. */
export function bullets(sentences: readonly string[], width: number): string[] {
  return sentences.flatMap((sentence) =>
    wrap(sentence, width - 4).map((line, index) => `${index === 0 ? "  - " : "    "}${line}`),
  );
}
