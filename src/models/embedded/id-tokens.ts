/** A word of a text that could be an identifier, amount or number. */
export interface IdToken {
  readonly text: string;
  readonly index: number;
}

const TOKEN = /#?[\p{L}\p{N}]+(?:[-_][\p{L}\p{N}]+)*/gu;
const CURRENCY_BEFORE = /(?:[$€£]|\busd|\beur)\s?$/i;
const CURRENCY_AFTER = /^(?:[.,]\d+)*\s?(?:[$€£%]|(?:usd|eur|dollars?|euros?|bucks|percent)\b)/i;
const MAX_TEXT = 4_000;
const MAX_TOKEN = 64;

/** Tokens with a digit that are no amounts, in order: order numbers, customer numbers, plain numbers. */
export function idTokens(text: string): IdToken[] {
  const found: IdToken[] = [];
  const head = text.slice(0, MAX_TEXT);
  for (const match of head.matchAll(TOKEN)) {
    const token = match[0];
    if (!/\d/.test(token) || token.length > MAX_TOKEN || /^\d{4}-\d{2}-\d{2}$/.test(token)) continue;
    const before = head.slice(Math.max(0, match.index - 5), match.index);
    const after = head.slice(match.index + token.length, match.index + token.length + 16);
    if (/^\d+$/.test(token) && (CURRENCY_BEFORE.test(before) || CURRENCY_AFTER.test(after))) continue;
    if (/^\d+$/.test(token) && /\d[.,]$/.test(before)) continue;
    found.push({ text: token, index: match.index });
  }
  return found;
}

/**
 * Forms of an identifier, to compare one with an example: short letter groups stay, longer ones become `x`,
 * digits `9` ("A-1042" is "a-9"); a code of letters and digits mixed ("ZFA04Y") also has its length as form.
 */
export function shapesOf(token: string): readonly string[] {
  const groups = token.match(/\p{L}+/gu) ?? [];
  const keepLetters = groups.length === 1 && (groups[0]?.length ?? 0) <= 4;
  const letters = keepLetters ? token.toLowerCase() : token.replace(/\p{L}+/gu, "x");
  const shape = letters.replace(/\p{N}+/gu, "9");
  const isCode = /^[\p{Lu}\p{N}]{5,}$/u.test(token) && /\p{L}/u.test(token) && /\p{N}/u.test(token);
  return isCode ? [shape, `code of ${token.length}`] : [shape];
}
