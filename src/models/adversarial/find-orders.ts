/** Verbs that a sentence may begin with and be an order; far more than any guardrail looks for. */
const VERBS: ReadonlySet<string> = new Set(
  `act add adopt advertise advise alter amplify analyse analyze announce answer append apply approve argue ask assess
  assign assume attach augment authorise authorize avoid back become begin behave blend block book boost brainstorm buy
  bypass calculate call cancel categorise categorize change charge cheer check choose cite claim classify close collect
  combine compare compile complete compose compute confirm consider construct contact continue convert convince copy
  craft create credit decide declare decode define delete deliver demonstrate deploy describe design detail determine
  develop direct disable discard disclose discount discuss display disregard dispute do double download draft draw drop
  dump edit elaborate elevate email embed emphasise employ enable encode encourage encrypt end enhance enrich ensure
  enter erase escalate estimate evaluate examine execute exfiltrate expand explain export express extend extract
  fabricate feature fetch file fill finalise find finish fix follow forget format forward fulfil generate get give
  give go grant guess guide handle help hide highlight hint identify ignore illustrate imagine impersonate implement
  imply import improve include incorporate increase inform insert install integrate interpret introduce invent inverse
  invert invite invoke issue jot keep label launch leak leave let leverage list load locate log lower make mark match
  measure mention merge modify move name note notify offer omit open order outline output override overrule paint paste
  pay perform persuade pick place plan play please point post praise predict prefix prepare present pretend print
  process produce promise promote pronounce propose provide publish purchase push put quote raise rank rate read
  recall recite recommend record recount redirect reduce refer reference refund register release remember remind remove
  rename render repeat rephrase replace reply report represent reproduce request require research reset respond restart
  return reveal reverse review rewrite roleplay run save say scan schedule search select sell send separate set share
  shift show shorten sign simulate sing skip solve sort speak specify spell spread start state stop store suggest
  summarise summarize supplement support swap switch take talk teach tell test touch trace train transfer translate
  treat trust try turn type uncover unlock update upgrade upload use utilise utilize validate verify visit wait warn
  weave wire withdraw work wrap write`.split(/\s+/),
);

/** Words before the verb that leave it an order. */
const BEFORE =
  /^(?:please|kindly|now|then|also|next|first|finally|just|always|never|and|but|so|hey|hi|hello|dear|immediately|urgent|important|attention|note|ok|okay|don't|don’t|do not|you must|you should|you will|you have to|you need to|can you|could you|would you|will you|in your [a-z]+|from now on)\b[\s,:.!-]*/i;

const ELSEWHERE =
  /\b(?:you|assistant|ai|model|agent|chatbot|bot|system|support)\b[^.!?\n]{0,80}\b(?:must|should|shall|will|have to|has to|need to|needs to|are to|is to|are now|are no longer|may now|can now)\b|\b(?:your|the) (?:own |next |final )?(?:answer|response|reply|output|solution|code|codebase|implementation|algorithm|elucidation|prompt|instructions)\b|\b(?:following|below|subsequent) (?:code|[a-z]+ code|snippet)\b|<\/?[a-z_]+>|^\W*(?:system|admin|developer|rule|policy|notice)\b[^.!?\n]{0,40}:|\b(?:new|updated) (?:rule|policy|limit|instruction)|\b(?:is|are) (?:now )?(?:unlimited|allowed to|authorised|authorized|always true)\b/i;

/**
 * The orders of a text that nobody but the operator may give: sentences that begin with a verb or ask something, that
 * speak of what an assistant must do or of its reply, with the code that follows them; those hidden in base64 too.
 * Deliberately greedy.
 */
export function findOrders(text: string): readonly string[] {
  const orders: string[] = [];
  const pieces = text.split(/(```[^\n]*\n[\s\S]*?(?:\n```|$))/);
  let lastWasOrder = false;
  for (const piece of pieces) {
    if (piece.startsWith("```")) {
      if (lastWasOrder) orders.push(piece);
      continue;
    }
    for (const sentence of piece.split(/\n+|(?<=[.!?]["')\]]?)\s+/)) {
      if (sentence.trim() === "") continue;
      lastWasOrder = isOrder(sentence);
      if (lastWasOrder) orders.push(sentence.trim());
    }
  }
  return [...orders, ...hiddenOrders(text)];
}

function isOrder(sentence: string): boolean {
  let rest = sentence.replace(/^[^\p{L}<]+/u, "");
  let isAsked = false;
  for (let shorter = rest.replace(BEFORE, ""); shorter !== rest; shorter = rest.replace(BEFORE, "")) {
    isAsked ||= /^(?:please|kindly|can|could|would|will|you|in your|from now)/i.test(rest);
    rest = shorter.replace(/^[^\p{L}<]+/u, "");
  }
  const first = /^[\p{L}-]+/u.exec(rest)?.[0].toLowerCase() ?? "";
  return isAsked || VERBS.has(first) || /\?["')\]]?\s*$/.test(sentence) || ELSEWHERE.test(sentence);
}

function hiddenOrders(text: string): readonly string[] {
  return (text.match(/[A-Za-z0-9+/]{24,}={0,2}/g) ?? []).flatMap((token) => {
    const decoded = Buffer.from(token, "base64").toString("utf8");
    return /^[\x20-\x7e\n]{12,}$/.test(decoded) && decoded.includes(" ") ? [decoded] : [];
  });
}
