const NUMBER_WORD = "(?:\\d[\\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|same|next)";
const DURATION = new RegExp(
  `\\b${NUMBER_WORD}[\\s-]+(?:to \\d+ )?(?:business |working |calendar )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\\b|\\b(?:daily|weekly|monthly|yearly|annually|once an?|twice an?)\\b|\\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\\b\\d{1,2} ?(?:a\\.?m|p\\.?m)\\b`,
  "i",
);
const MONEY = /[$€£]\s?\d|\d\s?(?:%|percent|usd|eur|dollars?)|\bfree\b|\bno (?:fee|charge|cost)\b/i;
const COUNT = new RegExp(`\\b${NUMBER_WORD}\\b`, "i");
const WHO =
  /\b(?:team|manager|lead|desk|officer|supervisor|agent|engineer|department|owner|administrator)s?\b/i;

/**
 * What a sentence must look like to hold the kind of fact that a question wants (a duration, an amount, a
 * number, a role), or `null` when the question does not say.
 */
export function answerType(question: string): RegExp | null {
  if (
    /\bhow (?:long|soon|quickly|fast|often)\b|\bhow many (?:minutes|hours|days|weeks|months|years|business)\b/i.test(
      question,
    )
  )
    return DURATION;
  if (/\bwhen\b|\bdeadline\b|\bwhat time\b/i.test(question)) return DURATION;
  if (/\bhow much\b|\bwhat\b.*\b(?:costs?|prices?|fees?|pay)\b/i.test(question)) return MONEY;
  if (/\bhow many\b|\bwhat is the (?:limit|maximum|minimum)\b/i.test(question)) return COUNT;
  return /\bwho(?:m)?\b/i.test(question) ? WHO : null;
}
