const ASK = String.raw`\b(?:show|reveal|give|print|tell|send|share|list|dump|repeat|output|read|recite|disclose|leak|display|export|provide|what(?:'s| is| are| was| were)|who(?:'s| is)|need|want|look ?up|find|get|pull up|check|see|access|paste|quote|translate|summari[sz]e|encode|write)\b`;

const OVERRIDES: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b(?: (?:all|any|every|everything|each|of|the|your|my|these|those|this|previous|prior|above|earlier|former|initial|original|system|safety|security))+ (?:instructions?|prompts?|rules|guidelines|polic(?:y|ies)|restrictions|guardrails|safeguards|directives|limits?)\b/i,
  /\b(?:ignore|disregard|forget) (?:everything|all|what) (?:above|before|you)\b/i,
  /\byou are (?:now|no longer)\b|\bpretend (?:to be|you(?:'re| are))\b|\bact as (?:an? )?(?:unrestricted|admin|administrator|root|developer|dan)\b/i,
  /\b(?:developer|debug|admin|god|maintenance|jailbreak|dan) mode\b/i,
  /^\s*(?:system|assistant|developer)\s*(?:message|prompt|override|note)?\s*:/im,
  /<\/?(?:system|context|document|instructions?|admin)\b[^>]*>|\[\s*\/?(?:system|inst|admin)\b[^\]]*\]/i,
];

const SECRETS: readonly RegExp[] = [
  new RegExp(
    String.raw`${ASK}[^.!?\n]{0,50}\b(?:system prompt|(?:your|(?:the |your )?(?:initial|hidden|secret|original|internal)) (?:(?:full|exact|own|complete|hidden|secret|original|internal) )?(?:instructions|prompt|directives)\b(?! (?:for|on|to|about))|(?:text|words|everything) above)\b`,
    "i",
  ),
  new RegExp(
    String.raw`${ASK}[^.!?\n]{0,50}\b(?:(?:admin(?:istrator)?|root|master|database|production|internal|service|staff|employee|your)(?:'s)? (?:[a-z]+ )?(?:password|passwords|credentials?|secrets?|api keys?|tokens?|login)|private keys?|secret keys?|env(?:ironment)? variables?)\b`,
    "i",
  ),
];

const PERSONAL =
  "(?:orders?|address|e-?mails?|phone|numbers?|cards?|payments?|accounts?|details|data|history|profile|purchases?|information|info|name|names|invoices?|passwords?|tickets?|refund|records?)";

const SOMEBODY = "(?:some(?:one|body)(?: else)?|any(?:one|body)(?: else)?|everyone|everybody)";
const CUSTOMER = "(?:customers?|users?|clients?|persons?|people|members?|account holders?|buyers?)";

const RELATIVE =
  "(?:ex|ex-[a-z]+|neighbou?r|friend|boss|colleague|co-?worker|sister|brother|wife|husband|partner|girlfriend|boyfriend|roommate|flatmate|mother|father|mom|mum|dad|son|daughter|competitor|landlord|tenant|employee)";

const OTHER_PEOPLE: readonly RegExp[] = [
  new RegExp(
    String.raw`\b(?:another|other|different|all|every|any|each)(?: (?:of )?(?:the|your))? ${CUSTOMER}['’]?s?['’]? (?:[a-z]+ )?${PERSONAL}\b`,
    "i",
  ),
  new RegExp(String.raw`\b${SOMEBODY}['’]s (?:[a-z]+ )?${PERSONAL}\b`, "i"),
  new RegExp(
    String.raw`${ASK}[^.!?\n]{0,60}\b${PERSONAL}\b[^.!?\n]{0,30}\b(?:of|for|from|by|belonging to) (?:(?:an)?other|all|every|a different|each)(?: (?:of )?(?:the|your))? ?${CUSTOMER}\b`,
    "i",
  ),
  new RegExp(String.raw`${ASK}[^.!?\n]{0,60}\b${PERSONAL} (?:of|belonging to) ${SOMEBODY}\b`, "i"),
  new RegExp(String.raw`\b(?:my|his|her|their) ${RELATIVE}['’]s? (?:[a-z]+ )?${PERSONAL}\b`, "i"),
  new RegExp(
    String.raw`\b(?:cancel|refund|change|update|show|list|look up|check|open|give me|tell me) (?:his|her|their) ${PERSONAL}\b`,
    "i",
  ),
  new RegExp(
    String.raw`\bi(?:['’]m| am) (?:the |a |her |his )?${RELATIVE} of (?:the |an? )?(?:account|card|order|customer)`,
    "i",
  ),
];

/** Why a message is declined before anything else is tried. */
export type DeclineReason = "override" | "secret" | "other-person";

/**
 * A lexical check of what the user asks for: to set the rules aside, to hand out instructions or secrets,
 * or data of somebody else. It knows common English wordings only; a rephrased attack gets through, which
 * is what a safety metric is there to show.
 *
 * @returns the first reason that applies, or `null`
 */
export function declineReason(text: string): DeclineReason | null {
  const head = text.slice(0, 8_000);
  if (OVERRIDES.some((pattern) => pattern.test(head))) return "override";
  if (SECRETS.some((pattern) => pattern.test(head))) return "secret";
  if (OTHER_PEOPLE.some((pattern) => pattern.test(head))) return asksForPolicy(head) ? null : "other-person";
  return null;
}

/** "Can staff see my data", "what if another customer's parcel came to me": questions of policy, not requests. */
function asksForPolicy(text: string): boolean {
  return /^\s*(?:what (?:happens|should i do|do i do|if)|how (?:do|should|can) (?:you|we|staff|agents|i) (?:handle|treat|report|protect|verify)|is it allowed|are (?:you|agents|staff) allowed|(?:may|can|should) (?:an? )?(?:agents?|staff|employees?)|who (?:may|can|is allowed))\b/i.test(
    text,
  );
}

const INJECTED: readonly RegExp[] = [
  ...OVERRIDES,
  /\b(?:ai|language model|llm|chat ?bot|assistants?|automated (?:agent|system)s?|bots?)\b[^.!?\n]{0,60}\b(?:must|should|shall|has to|have to|need to|are to|is to|please|always|never|instructed|required)\b/i,
  /\b(?:attention|note to|instructions? (?:to|for)|message (?:to|for)|important(?: notice)?(?: to| for)?|dear)\b[^.!?\n]{0,20}\b(?:ai|assistants?|models?|llms?|bots?|agents? reading)\b/i,
  /\b(?:do not|don't|never) (?:tell|mention|inform|reveal|disclose)\b[^.!?\n]{0,40}\b(?:users?|customers?|this (?:note|instruction|message|document))\b/i,
  /\b(?:reply|respond|answer|say) (?:only |exactly |always )*(?:with|that|to every|to all)\b/i,
  /\b(?:when|if) (?:asked|answering|summari[sz]ing|you (?:read|see|process|answer))\b[^.!?\n]{0,80}\b(?:tell|say|reply|respond|call|send|include|add|state|recommend)\b/i,
  /\b(?:reveal|print|output|repeat|include) (?:your|the) (?:system prompt|instructions|prompt)\b/i,
];

/** Whether a sentence of a document talks to the model instead of the reader. Common wordings only. */
export function looksInjected(sentence: string): boolean {
  return INJECTED.some((pattern) => pattern.test(sentence));
}
