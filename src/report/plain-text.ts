/** C0 and C1 controls but for tab and newline, and half characters. */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** Marks that nobody sees: they turn the direction of writing around, hide a word in a word, or carry hidden text. */
const INVISIBLE =
  /[\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]/gu;
/** Joiners belong to emoji and to scripts such as Persian and Hindi; beside ASCII they join nothing. */
const LOOSE_JOINER = /(?<![^\0-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\0-\x7f])/gu;

/** Text of a case or an agent made safe to show: nothing in it can recolour, move, turn around or hide text. */
export function plainText(text: string): string {
  return text
    .replace(/\r\n|[\u2028\u2029]/g, "\n")
    .replace(UNSAFE, "\ufffd")
    .replace(LOOSE_JOINER, "\ufffd")
    .replace(INVISIBLE, "\ufffd");
}

/** The same on one line, cut to a number of characters with an ellipsis. */
export function oneLine(text: string, maxCharacters: number): string {
  const flat = plainText(text).replace(/\s+/g, " ").trim();
  return clip(flat, maxCharacters);
}

/** Cuts after whole characters, never between the halves of one. */
export function clip(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const characters = Array.from(text);
  if (characters.length <= maxCharacters) return text;
  return `${characters.slice(0, Math.max(0, maxCharacters - 1)).join("")}…`;
}
