/** C0 and C1 controls but for tab and newline, marks that turn the direction of writing around, half characters. */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text of a case or an agent made safe for a terminal: no escape sequence can recolour or move anything. */
export function plainText(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(UNSAFE, "\ufffd");
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
