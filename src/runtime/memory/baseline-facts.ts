import type { FoundFact } from "./extraction.js";
import { preferenceTopic } from "./preference-topics.js";

type FactOf = (groups: readonly string[]) => Omit<FoundFact, "subject"> | null;

/** What is never kept, whatever it is called. */
const SECRET =
  /\b(?:passwords?|passphrase|passcode|pin|cvc|cvv|card|iban|account number|ssn|social security|token|secret|key|code)\b/i;

const THING = "([^.!?;\\n]{2,160}?)";
const END = "(?=\\s*(?:[.!?;\\n]|,? (?:and|but|so|because) (?:i|my|please|we)\\b|$))";

/** Behind what cannot hold a comma itself. */
const CLAUSE_END = END.replace("[.", "[,.");
/** When it came to be is not part of what it is. */
const SINCE = /(?:,? (?:last|this|next) \p{L}+|,? (?:recently|now|yesterday|today|ago))+$/iu;

function rule(pattern: string, factOf: FactOf, end = END) {
  return { pattern: new RegExp(`${pattern}${end}`, "giu"), factOf };
}

const preference = (text: string) => ({
  kind: "preference" as const,
  attribute: preferenceTopic(text),
  text,
});
const profile = (attribute: string, text: string) => ({ kind: "profile" as const, attribute, text });

const NO_NAME = /^(?:back|at|on|when|if|later|tomorrow|today)\b/i;

const RULES = [
  rule(
    `\\bI(?:'d| would)? (?:much )?(?:prefer|rather have|rather be|rather get)\\s+${THING}`,
    ([thing = ""]) => preference(`prefers ${thing}`),
  ),
  rule(`\\bmy favou?rite ([\\p{L} ]{2,40}?) (?:is|are)\\s+${THING}`, ([what = "", thing = ""]) => ({
    kind: "preference",
    attribute: `favourite ${what}`,
    text: `favourite ${what}: ${thing}`,
  })),
  rule(`\\bplease (always|never|only|don't ever)\\s+${THING}`, ([how = "", thing = ""]) =>
    preference(`asks to ${how.toLowerCase() === "don't ever" ? "never" : how.toLowerCase()} ${thing}`),
  ),
  rule(
    `\\bI (?:really )?(hate|dislike|love|can't stand|do not like|don't like)\\s+${THING}`,
    ([how = "", thing = ""]) => preference(`${thirdPerson(how)} ${thing}`),
  ),
  rule(
    "\\b(?:please )?call me ((?:\\p{Lu}[\\p{L}'-]+ ?){1,3})",
    ([words = ""]) => {
      const name = /^(?:\p{Lu}[\p{L}'-]*(?: |$))+/u.exec(words)?.[0].trim();
      return name === undefined || NO_NAME.test(name) ? null : profile("name", `wants to be called ${name}`);
    },
    CLAUSE_END,
  ),
  rule(`\\bI(?:'m| am) allergic to\\s+${THING}`, ([thing = ""]) =>
    profile("allergy", `is allergic to ${thing}`),
  ),
  rule(
    "\\bI(?:'m| am) (?:a |an )?(vegan|vegetarian|coeliac|diabetic|wheelchair user)",
    ([thing = ""]) =>
      profile(/vegan|vegetarian|coeliac/i.test(thing) ? "diet" : thing.toLowerCase(), `is ${thing}`),
    CLAUSE_END,
  ),
  rule(`\\bI (?:now live|live|have moved|moved|'ve moved) (?:in|to)\\s+${THING}`, ([place = ""]) =>
    profile("residence", `lives in ${place.replace(SINCE, "")}`),
  ),
  rule(`\\bI work (?:at|for)\\s+${THING}`, ([place = ""]) => profile("employer", `works for ${place}`)),
  rule(
    `\\bmy ([\\p{L}-]+(?: [\\p{L}-]+){0,2}) (?:is now|is|has changed to|changed to)\\s+(?!not\\b|n't\\b)${THING}`,
    ([what = "", value = ""]) =>
      profile(what.replace(/^(?:new|current)\s+/i, "").toLowerCase(), `${what.toLowerCase()}: ${value}`),
  ),
];

/** Words after "my" that stand for the matter of the day, not for a property of the user. */
const PASSING =
  /\b(?:orders?|parcels?|packages?|refunds?|questions?|problems?|issues?|point|bills?|invoices?|flights?|bookings?|devices?|sensors?|screens?|connection|internet|app|guess|understanding|favou?rite)\b/i;

function thirdPerson(verb: string): string {
  const lower = verb.toLowerCase();
  if (lower.startsWith("do")) return "does not like";
  return lower === "can't stand" ? lower : `${lower}s`;
}

/** What a message of a user says of themself, by fixed English patterns. Credentials and numbers of cards are left out. */
export function statedFacts(message: string): readonly FoundFact[] {
  const found: FoundFact[] = [];
  for (const { pattern, factOf } of RULES) {
    for (const match of message.matchAll(pattern)) {
      const fact = factOf(match.slice(1).map((group) => (group ?? "").replace(/\s+/g, " ").trim()));
      if (fact === null || SECRET.test(match[0])) continue;
      if (fact.kind === "profile" && PASSING.test(fact.attribute ?? "")) continue;
      found.push({ ...fact, subject: "user" });
    }
  }
  return found;
}
