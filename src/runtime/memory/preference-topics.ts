import { stem } from "../../models/embedded/stem.js";
import { STOP_WORDS } from "../../models/embedded/stop-words.js";

/** Words that tell what a preference is about: a new one about the same topic takes the place of the old. */
const TOPICS: readonly (readonly [topic: string, words: RegExp])[] = [
  ["contact", /\b(?:e-?mails?|phone|call(?:ed|s)?|sms|text(?:s|ed)?|messages?|whatsapp|letters?|post)\b/],
  [
    "language",
    /\b(?:english|german|deutsch|french|spanish|italian|portuguese|dutch|polish|norwegian|swedish|danish|finnish|turkish|arabic|russian|chinese|mandarin|japanese|korean|hindi|language)\b/,
  ],
  ["seat", /\b(?:seats?|aisle|window seat)\b/],
  ["diet", /\b(?:vegan|vegetarian|kosher|halal|gluten[- ]free|lactose[- ]free)\b/],
  ["payment", /\b(?:credit card|debit card|paypal|invoice|bank transfer|direct debit|cash|gift card)\b/],
  ["refund", /\b(?:refunds?|refunded|store credit|vouchers?)\b/],
  ["delivery", /\b(?:deliver(?:y|ed|ies)?|shipping|shipped|courier|parcel|pick-?up|locker|neighbou?r)\b/],
  ["drink", /\b(?:coffee|tea|water|juice|wine|beer)\b/],
  ["time", /\b(?:mornings?|afternoons?|evenings?|weekends?|weekdays?|night)\b/],
  ["address form", /\b(?:first name|last name|surname|formal|informal)\b/],
];

/** The topic of a preference; where none is known, its last content word. */
export function preferenceTopic(text: string): string {
  const lower = text.toLowerCase();
  for (const [topic, words] of TOPICS) if (words.test(lower)) return topic;
  const content = (lower.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !STOP_WORDS.has(word));
  return content.length === 0 ? "preference" : stem(content.at(-1) ?? "");
}
