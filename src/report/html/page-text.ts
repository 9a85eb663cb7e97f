import { redactSecrets } from "../../runtime/guardrails/secrets.js";
import { clip } from "../plain-text.js";

/** So much longer than the cut is what is searched for secrets: none may show its first half. */
const OVERHANG = 400;

/** A text of a case or an agent for a page: without secrets, cut, with the number of characters that are left out. */
export function pageText(text: string, max: number): string {
  const clean = redactSecrets(text.length > max + OVERHANG ? text.slice(0, max + OVERHANG) : text).text;
  if (text.length <= max) return clean;
  const kept = clip(clean, max);
  return kept === clean && text.length <= max + OVERHANG
    ? clean
    : `${kept} [cut: about ${text.length - max} more characters]`;
}
