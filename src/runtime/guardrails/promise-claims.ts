import type { DoneEffect } from "../ledger/effects-view.js";

/** Name and version of the reader of claims. */
export const PROMISE_CLASSIFIER = "heuristic:promises@2";

/** Something that an agent can do for a user: the words that claim it and those that name it in tools. */
interface Deed {
  readonly name: string;
  /** Past participles: "was refunded". */
  readonly done: string;
  /** Things that are done: "your refund has been processed". */
  readonly thing: string;
  /** Beginnings of words in the name, description or arguments of a tool that does it. */
  readonly tool: RegExp;
}

const DEEDS: readonly Deed[] = [
  {
    name: "refund",
    done: "refunded|reimbursed|credited|repaid|paid back|reversed|returned to (?:you|your (?:card|account|bank)|the original payment method)",
    thing: "refunds?|reimbursements?|money(?: back)?",
    tool: /refund|reimburs|credit|compensat|payback/i,
  },
  {
    name: "cancel",
    done: "cancell?ed|terminated|stopped|called off",
    thing: "cancell?ations?",
    tool: /cancel|terminat|stop|void/i,
  },
  {
    name: "book",
    done: "booked|re-?booked|reserved|rescheduled|scheduled",
    thing: "bookings?|reservations?|appointments?|flights?|seats?|rebookings?",
    tool: /book|reserv|schedul|appoint/i,
  },
  {
    name: "order",
    done: "ordered|purchased|bought",
    thing: "orders?|purchases?|replacements?",
    tool: /order|purchas|buy|replac|exchange/i,
  },
  {
    name: "send",
    done: "sent|e-?mailed|forwarded|dispatched|mailed",
    thing: "e-?mails?|messages?|parcels?|packages?|letters?",
    tool: /send|mail|forward|dispatch|ship|notif|messag/i,
  },
  {
    name: "change",
    done: "updated|changed|modified|corrected|edited|reset|upgraded|downgraded|adjusted|replaced|exchanged|swapped|switched",
    thing: "changes?|updates?|address(?:es)?|passwords?|upgrades?|exchanges?",
    tool: /updat|chang|modif|edit|set_|reset|upgrad|downgrad|adjust|exchang|replac/i,
  },
  {
    name: "delete",
    done: "deleted|erased|removed|closed|deactivated|wiped",
    thing: "deletion|accounts?",
    tool: /delet|eras|remov|clos|deactivat|purg|forget/i,
  },
  {
    name: "transfer",
    done: "transferred|wired|paid|deposited",
    thing: "transfers?|payments?|wires?|deposits?",
    tool: /transfer|wire|pay|deposit/i,
  },
  {
    name: "open",
    done: "opened|created|filed|registered|submitted|raised|logged|activated|enabled|applied|added|issued|granted|approved|extended|waived",
    thing:
      "tickets?|cases?|claims?|complaints?|accounts?|applications?|discounts?|vouchers?|coupons?|requests?|fees?",
    tool: /open|creat|file|register|submit|raise|log_|activat|enabl|appl|add|issue|grant|approv|exten|waiv|ticket|discount|voucher|coupon|certificat|refund|credit/i,
  },
  {
    name: "escalate",
    done: "escalated|handed over|passed on",
    thing: "escalation",
    tool: /escalat|transfer|hand|human|ticket|agent/i,
  },
];

const BY_AGENT = String.raw`\b(?:i|we)(?:'ve|’ve| have)?(?: (?:just|now|already|successfully|hereby|gladly|also|since|therefore|immediately|fully|then))* (?:(?:went|gone) ahead and )?(?:just |now |already |successfully )*`;
/** A sign of the same sentence; a point within a number does not end it. */
const SAME = String.raw`(?:[^.!?;\n]|\.(?=\d))`;
const YOURS = String.raw`\b(?:you|your|the|this|that|its|both|all(?: of)? your|order|booking|reservation|flight|refund|payment|amount|sum|money|[$€£]\s?[\d.,]+|[\d.,]+ ?(?:usd|eur|dollars|euros))\b${SAME}{0,60}?`;
const HAPPENED =
  "(?:(?:has|have|['’]ve)(?: now| just| already| successfully)* been|(?:was|were|is|are)(?: now| already| hereby| being)*)(?: successfully| fully| just| now| already)*";
const COMPLETE =
  "(?:processed|completed|confirmed|done|made|issued|initiated|executed|finali[sz]ed|placed|arranged|set up|approved|submitted|created|applied|changed|updated|saved|booked|cancell?ed|sent|on (?:its|the) way)";
/** What an agent says that it did with a thing: "I issued the refund". */
const DID =
  "(?:processed|made|issued|completed|placed|arranged|submitted|initiated|sent|set up|confirmed|applied|requested|authori[sz]ed|handled|performed|executed|carried out|put through|finali[sz]ed|(?:took|taken) care of)";

/** Sentences that speak of conditions, rules, the future or what did not happen claim nothing. */
const NO_CLAIM =
  /\b(?:if|whether|once|when|whenever|unless|until|before|after|should|would|could|might|may|can(?:not|'t|’t)?|will|won't|shall|never|not|no|nothing|n't|n’t|neither|nor|cannot|unable|only|typically|usually|normally|generally|must|any|automatically|polic(?:y|ies)|orders that|refunds are|has to|have to|to be)\b|n['’]t\b/i;

/** A claim of a reply that nothing in the conversation bears out. */
export interface UngroundedClaim {
  readonly deed: string;
  /** Whether the agent says that it did it itself. */
  readonly byAgent: boolean;
}

const PATTERNS = DEEDS.map((deed) => ({
  deed,
  own: new RegExp(
    `${BY_AGENT}(?:${deed.done}|${DID}(?: (?:the|your|a|an|this|that|full|partial|new|[$€£]?[\\d.,%]+|usd|eur|of|for|you|us))* (?:${deed.thing}))\\b|\\b(?:${deed.thing}) (?:that |which )?${BY_AGENT.slice(2)}${DID}\\b`,
    "i",
  ),
  passive: new RegExp(
    `${YOURS}${HAPPENED} (?:${deed.done})\\b|\\b(?:your|the|a)(?: \\w+)?(?: [$€£]?[\\d.,]+(?: usd)?)? (?:${deed.thing})\\b${SAME}{0,40}?(?:${HAPPENED} ${COMPLETE}|(?:is )?(?:complete|confirmed|on (?:its|the) way|all set)|(?:went|has gone|have gone) through)\\b|\\bconsider (?:it|this|that|your \\w+) (?:${deed.done})\\b|^\\W*(?:${deed.thing}) (?:confirmed|complete|completed|processed|done|issued|approved)\\b`,
    "i",
  ),
  mark: new RegExp(`\\b(?:${deed.done})\\b|"(?:${deed.thing})":\\s*\\[\\s*[^\\]\\s]`, "i"),
}));

/**
 * Claims of a reply that something was done for the user, without an effect that bears them out. What the agent says it
 * did itself needs an executed effect of that kind, and one of the amounts that it names must occur in it. What is told
 * as a state of things ("your order is cancelled") may also stand in a tool result.
 *
 * @param effects - side effects that were carried out in this conversation
 * @param told - what tools answered; refusals tell of no state
 */
export function ungroundedClaims(
  reply: string,
  effects: readonly (DoneEffect & { readonly description: string })[],
  told: readonly string[],
): readonly UngroundedClaim[] {
  const claims: UngroundedClaim[] = [];
  const states = told.filter((text) => !/^\s*(?:error\b|\{"error")/i.test(text));
  for (const clause of clausesOf(reply)) {
    const unmet: UngroundedClaim[] = [];
    let isStateTold = false;
    for (const { deed, own, passive, mark } of PATTERNS) {
      const byAgent = own.test(clause) && !NO_CLAIM.test(clause.slice(0, clause.search(own)));
      const asState = !byAgent && passive.test(clause) && !NO_CLAIM.test(clause);
      if (!byAgent && !asState) continue;
      const matching = effects.filter((effect) => deed.tool.test(`${effect.tool} ${effect.description}`));
      const isDone = (matching.length > 0 && hasAmount(clause, matching)) || isTold(clause, effects);
      const isTellable = asState && states.some((text) => mark.test(text) || isQuoted(clause, text));
      if (asState && (isDone || isTellable)) isStateTold = true;
      if (!isDone && !isTellable) unmet.push({ deed: deed.name, byAgent });
    }
    // One state may read as several deeds, "your order is cancelled" as an order too: one that is told is enough.
    const [claim] = unmet.filter(({ byAgent }) => byAgent || !isStateTold);
    if (claim !== undefined) claims.push(claim);
  }
  return claims;
}

function clausesOf(reply: string): readonly string[] {
  return reply
    .slice(0, 8_000)
    .split(
      /(?<=[.!?])\s+|\n+|[;:]\s|,? but |,? however,? |,? and (?=(?:it |you |this |they )?(?:will|should|can|may)\b)/,
    )
    .filter((clause) => clause.trim() !== "" && !clause.trimEnd().endsWith("?"));
}

/** The clause names no amount, or one that occurs in an effect. */
function hasAmount(clause: string, effects: readonly DoneEffect[]): boolean {
  const amounts = amountsIn(clause);
  if (amounts.length === 0) return true;
  const known = new Set(
    effects.flatMap(({ args, result }) => numbersIn(`${JSON.stringify(args)} ${result}`)),
  );
  return amounts.some((amount) => known.has(amount));
}

/** The tool itself said so, word for word. */
function isTold(clause: string, effects: readonly DoneEffect[]): boolean {
  const said = clause
    .trim()
    .replace(/[.!]+$/, "")
    .toLowerCase();
  return effects.some(({ result }) => result.toLowerCase().includes(said));
}

/** The clause stands in a tool's result: it is passed on, not claimed. */
function isQuoted(clause: string, text: string): boolean {
  return plain(text).includes(plain(clause));
}

function plain(text: string): string {
  return text
    .replaceAll("\\n", " ")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function amountsIn(text: string): readonly number[] {
  const found = text.matchAll(
    /[$€£]\s?(\d[\d,]*(?:\.\d+)?)|(\d[\d,]*(?:\.\d+)?)\s?(?:usd|eur|gbp|dollars?|euros?|pounds?)\b/gi,
  );
  return [...found].map(([, before, after]) => toNumber(before ?? after ?? ""));
}

function numbersIn(text: string): readonly number[] {
  return [...text.matchAll(/\d[\d,]*(?:\.\d+)?/g)].map(([number]) => toNumber(number));
}

function toNumber(text: string): number {
  return Number(text.replaceAll(",", ""));
}
