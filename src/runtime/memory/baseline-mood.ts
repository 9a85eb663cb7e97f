const CONTENT =
  /\b(?:thank(?:s| you)|great|perfect|excellent|awesome|brilliant|helpful|wonderful|appreciate|works? (?:now|again)|solved|fixed|happy|glad)\b/gi;
const DISCONTENT =
  /\b(?:terrible|awful|useless|ridiculous|unacceptable|disappointed|disappointing|angry|frustrat\w+|annoy\w+|worst|waste of time|complain\w*|fed up|not happy|unhappy|still (?:not|doesn't|does not|broken|waiting)|not helpful|never again)\b/gi;
const NEGATED =
  /\b(?:no|not|isn't|wasn't|nothing)\s+(?:\w+\s+)?(?:thanks|great|perfect|helpful|solved|fixed|happy|glad)\b/gi;

const PROBLEM =
  /\b(?:broken|defective|faulty|damaged|doesn't work|does not work|not working|isn't working|won't (?:start|turn on|connect|load|open)|can't (?:log in|connect|access|open|pay)|cannot (?:log in|connect|access|open|pay)|(?:has|have|did|hasn't|haven't|didn't) (?:not |n't )?(?:arrived?|come|received?)|never arrived|missing|lost|late|delayed|overcharged|charged twice|wrong (?:item|size|colou?r|amount|address)|refund|complain\w*|still waiting|error)\b/i;
const SETTLED =
  /\b(?:(?:it|that|this|everything|all|(?:my|the) \p{L}+|[A-Z]{0,4}-?\d{2,})(?:'s| is| has| has been|'s been)? (?:now )?(?:solved|fixed|sorted|resolved|settled|working|works|arrived)|works (?:now|again)|that (?:solves|fixes|solved|fixed|answers|helps) (?:it|my)|problem solved|never mind|no longer (?:a problem|needed)|has arrived now)\b/iu;
const PLEASED_END = /\b(?:thank(?:s| you)|perfect|great|that's all|excellent)\b/i;

/**
 * How content the words of a user are, by word lists.
 *
 * @returns -1 to 1; `null` when nothing says
 */
export function contentment(messages: readonly string[]): number | null {
  let good = 0;
  let bad = 0;
  for (const message of messages) {
    const negated = message.match(NEGATED)?.length ?? 0;
    good += Math.max(0, (message.match(CONTENT)?.length ?? 0) - negated);
    bad += (message.match(DISCONTENT)?.length ?? 0) + negated;
  }
  return good + bad === 0 ? null : (good - bad) / (good + bad);
}

/** Whether a message tells of something that is wrong. */
export function tellsProblem(message: string): boolean {
  return PROBLEM.test(message);
}

/** Whether a message says that what was wrong is so no more. */
export function saysSettled(message: string): boolean {
  return (
    SETTLED.test(message) &&
    !/\b(?:not|n't|isn't|still)\b[^.!?]{0,20}\b(?:solved|fixed|working|works|arrived)\b/i.test(message)
  );
}

/** Whether the last message of a user leaves nothing to wish for. */
export function endsPleased(message: string): boolean {
  return PLEASED_END.test(message) && !tellsProblem(message) && (contentment([message]) ?? 0) >= 0;
}
