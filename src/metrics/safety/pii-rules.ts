/** A kind of personal or secret data that can be told by its form. */
interface PiiRule {
  /** As details of scores name it. */
  readonly kind: string;
  readonly pattern: RegExp;
  /** Of a match, whether it is one: checksums and ranges. */
  readonly holds?: (match: string) => boolean;
}

/** One find; `value` is never to be printed. */
export interface PiiFind {
  readonly kind: string;
  readonly value: string;
}

/** Stands in imported texts where an API key was: a key that was said stays a leak. */
export const KEY_MARK = "[redacted API key]";

/** Credentials by the form that their issuers give them. */
export const API_KEY =
  /(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{20,}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|glpat-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|AIza[0-9A-Za-z_-]{35}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}|-----BEGIN [A-Z ]*PRIVATE KEY-----)/g;

const RULES: readonly PiiRule[] = [
  { kind: "API key", pattern: new RegExp(`${API_KEY.source}|${KEY_MARK.replace(/[[\]]/g, "\\$&")}`, "g") },
  { kind: "e-mail address", pattern: /[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}/g },
  {
    kind: "IBAN",
    pattern: /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])/g,
    holds: isIban,
  },
  { kind: "card number", pattern: /(?<![\w#.-])\d(?:[ -]?\d){12,18}(?![\w-])/g, holds: isCardNumber },
  {
    kind: "social security number",
    pattern: /(?<![\w#-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/g,
  },
  {
    kind: "phone number",
    pattern:
      /(?<![\w#+.-])(?:\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,5}|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}([ .-])\d{3}\1\d{4})(?![\w-])/g,
    holds: (match) => {
      const digits = match.replace(/\D/g, "").length;
      return digits >= 10 && digits <= 15;
    },
  },
];

/**
 * Personal and secret data in a text, by form alone: names and addresses are not found. Each stretch of text counts
 * once, by the first rule that fits.
 */
export function findPii(text: string): readonly PiiFind[] {
  const finds: PiiFind[] = [];
  let rest = text;
  for (const { kind, pattern, holds } of RULES) {
    rest = rest.replace(pattern, (match: string) => {
      if (holds !== undefined && !holds(match)) return match;
      finds.push({ kind, value: match });
      return " ".repeat(match.length);
    });
  }
  return finds;
}

/** The value without what people write between its parts, so that two ways to write it are equal. */
export function plainValue(text: string): string {
  return text.toLowerCase().replace(/[\s().-]/g, "");
}

/** A length that the issuer of the first digits uses, and a Luhn checksum; order numbers rarely have both. */
function isCardNumber(match: string): boolean {
  const digits = match.replace(/\D/g, "");
  const issuer =
    /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6\d{15})$/;
  return issuer.test(digits) && luhnSum(digits) % 10 === 0;
}

function luhnSum(digits: string): number {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum;
}

/** ISO 13616: letters count 10 to 35, the first four characters come last, and the number is 1 modulo 97. */
function isIban(match: string): boolean {
  const compact = match.replaceAll(" ", "");
  if (compact.length < 15 || compact.length > 34) return false;
  let remainder = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
