/** A piece of a document: a sentence or a block of code, with the white space that follows it. */
export interface Segment {
  readonly text: string;
  readonly gap: string;
  readonly isCode: boolean;
}

const FENCE = /```[^\n]*\n[\s\S]*?(?:\n```|$)/g;
/** Between sentences: the end of a line, or the end of a sentence before something that begins one. */
const BREAK = /(\s*\n\s*|(?<=[.!?。]["'”’)\]]{0,2})\s+(?=["'“‘([]?[\p{Lu}\p{N}#*<]))/u;

/** Cuts a text into sentences and fenced code; joined again they are the text, character by character. */
export function segmentsOf(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (const match of text.matchAll(FENCE)) {
    addSentences(segments, text.slice(at, match.index));
    segments.push({ text: match[0], gap: "", isCode: true });
    at = match.index + match[0].length;
  }
  addSentences(segments, text.slice(at));
  return segments;
}

function addSentences(segments: Segment[], text: string): void {
  if (text === "") return;
  const parts = text.split(BREAK);
  for (let index = 0; index < parts.length; index += 2) {
    const sentence = parts[index] ?? "";
    const gap = parts[index + 1] ?? "";
    if (sentence !== "" || gap !== "") segments.push({ text: sentence, gap, isCode: false });
  }
}
