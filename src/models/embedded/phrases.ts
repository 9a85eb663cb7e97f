/** What the embedded model says when the documents in its prompt do not answer the question. */
export const DONT_KNOW = "I don't know: the handbook does not cover this.";

/** What it says to a request for its instructions, for secrets or for another person's data. */
export const DECLINE = "I can't help with that: it asks for something that I am not allowed to share or do.";

/** What it says when a message holds no request that it can recognise. */
export const ASK_WHAT = "How can I help you? Please tell me what you would like to know or do.";

export const WELCOME = "You're welcome.";

/** Added when only a part of several questions could be answered. */
export const PARTLY_KNOWN = "I found nothing in the handbook on the rest of your question.";

/** Answer to a no when nothing waits for it. */
export const NOTHING_DONE = "All right, I leave everything as it is.";
