import type { PolicyRule } from "../../config/agent/guardrails-schema.js";

/** A policy rule with its patterns compiled. */
export interface CompiledRule {
  readonly rule: PolicyRule;
  /** What a reply breaks, or `null`; names numbers, never other words of the reply. */
  readonly breaks: (reply: string) => string | null;
}

/** Compiles a rule; the schema has checked that its patterns compile. */
export function compileRule(rule: PolicyRule): CompiledRule {
  const { pattern, amount } = rule;
  if (pattern !== undefined) {
    const wanted = new RegExp(pattern, "iu");
    return {
      rule,
      breaks: (reply) => (wanted.test(reply) ? `the reply matches the pattern of ${rule.name}` : null),
    };
  }
  if (amount === undefined) return { rule, breaks: () => null };
  const near = new RegExp(amount.near, "iu");
  return {
    rule,
    breaks: (reply) => {
      for (const clause of reply.split(/(?<=[.!?])\s+|\n+|;|,? but |,? however,? /)) {
        if (!near.test(clause) || REFUSES.test(clause)) continue;
        const numbers = amount.unit === "percent" ? percentsIn(clause) : dollarsIn(clause);
        const beyond = numbers.find(
          (number) =>
            number > (amount.max ?? Number.POSITIVE_INFINITY) ||
            number < (amount.min ?? Number.NEGATIVE_INFINITY),
        );
        if (beyond !== undefined) return `${beyond} ${amount.unit} offered, ${limitsOf(amount)}`;
      }
      return null;
    },
  };
}

/** Says that something is not offered: the number in it is what the user asked for. */
const REFUSES =
  /\b(?:cannot|can not|can't|can’t|unable to|not (?:able|allowed|permitted|possible|authori[sz]ed|offer|give|grant)|won't|won’t|will not|do not|don't|don’t|never|no longer|isn't|isn’t|is not)\b/i;

function limitsOf({ max, min }: NonNullable<PolicyRule["amount"]>): string {
  return [max === undefined ? "" : `at most ${max}`, min === undefined ? "" : `at least ${min}`]
    .filter((part) => part !== "")
    .join(", ");
}

const UNITS =
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const WORD_NUMBER = `(?:(?:${TENS.join("|")})(?:[- ](?:${UNITS.slice(0, 9).join("|")}))?|${UNITS.join("|")}|(?:a |one )?hundred)`;

function percentsIn(text: string): readonly number[] {
  const digits = [...text.matchAll(/(\d+(?:[.,]\d+)?)\s?(?:%|％|percent\b|per cent\b|pct\b)/gi)].map(
    ([, number]) => Number((number ?? "").replace(",", ".")),
  );
  const words = [
    ...text.matchAll(new RegExp(`\\b(${WORD_NUMBER})[ -]?(?:%|percent\\b|per cent\\b)`, "gi")),
  ].map(([, word]) => numberOfWord(word ?? ""));
  const half = /\bhalf[ -](?:price|off)\b|\b50\/50 off\b/i.test(text) ? [50] : [];
  const free = /\b(?:free of charge|completely free|for free|100 ?% off)\b/i.test(text) ? [100] : [];
  return [...digits, ...words, ...half, ...free];
}

function dollarsIn(text: string): readonly number[] {
  const found = text.matchAll(
    /(?:\$|usd )\s?(\d[\d,]*(?:\.\d+)?)|(\d[\d,]*(?:\.\d+)?)\s?(?:usd|dollars?|bucks)\b/gi,
  );
  return [...found].map(([, before, after]) => Number((before ?? after ?? "").replaceAll(",", "")));
}

function numberOfWord(word: string): number {
  const [first = "", second] = word.toLowerCase().split(/[- ]/);
  if (first === "hundred" || second === "hundred") return 100;
  const ten = TENS.indexOf(first);
  const unit = (text: string | undefined) => (text === undefined ? 0 : UNITS.indexOf(text) + 1);
  return ten === -1 ? unit(first) : (ten + 2) * 10 + unit(second);
}
