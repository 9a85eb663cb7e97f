import { redactSecrets } from "../../runtime/guardrails/secrets.js";

/** So much longer than the cut is what is searched for secrets: none may show its first half. */
const OVERHANG = 400;
const LONG_WORD = 14;
const SECRET_NAME = /key|secret|token|passw|passphrase|pwd/i;

/** Every form of a secret has a long word, an address, or a name before a value. Most texts have none of them. */
function mayHoldSecret(text: string): boolean {
  let run = 0;
  for (let index = 0; index < text.length; index += 1) {
    run = text.charCodeAt(index) > 32 ? run + 1 : 0;
    if (run >= LONG_WORD) return true;
  }
  return text.includes("://") || SECRET_NAME.test(text);
}

/** A text of a case or an agent for a page: without secrets, cut, with the number of characters that are left out. */
export function pageText(text: string, max: number): string {
  const start = text.length > max + OVERHANG ? text.slice(0, max + OVERHANG) : text;
  const clean = mayHoldSecret(start) ? redactSecrets(start).text : start;
  if (text.length <= max || (start === text && clean.length <= max)) return clean;
  return `${clean.slice(0, endBefore(clean, max))}… [cut: about ${text.length - max} more characters]`;
}

/** A place to cut at that lies between two whole characters. */
function endBefore(text: string, max: number): number {
  const last = text.charCodeAt(max - 1);
  return last >= 0xd800 && last <= 0xdbff ? max - 1 : max;
}
