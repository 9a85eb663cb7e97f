import type { Message } from "../../core/message.js";

/** Characters of a message that are read; the rest of a longer one is ignored. */
const MAX_TEXT = 8_000;

/** The part of a conversation that belongs to what the user wants now. */
export interface Thread {
  /** What the user said last. */
  readonly latest: string;
  /** Everything that the user said since the assistant last answered without a question, newest first. */
  readonly texts: readonly string[];
  /** The assistant's question that `latest` replies to, or `null`. */
  readonly asked: string | null;
  /** Earlier questions of the assistant within the thread, newest first, `asked` included. */
  readonly questions: readonly string[];
}

/** Whether a text of the assistant ends by asking the user something. */
function endsInQuestion(text: string): boolean {
  return /\?["')\]*_]*\s*(?:\([^()]{1,60}\)\s*)?$/.test(text.slice(-200));
}

/**
 * Walks back from the last message of the user over the assistant's questions: "cancel my order" – "which
 * one?" – "A-1042" is one thread of two texts. Tool calls and results in between are passed over.
 */
export function currentThread(messages: readonly Message[]): Thread {
  const texts: string[] = [];
  const questions: string[] = [];
  let asked: string | null = null;
  let mayGoBack = true;
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index];
    if (message?.role === "user") {
      if (!mayGoBack) break;
      texts.push(message.content.slice(0, MAX_TEXT));
      mayGoBack = false;
    } else if (message?.role === "assistant" && message.content !== null && message.content !== "") {
      if (texts.length === 0) continue;
      if (!endsInQuestion(message.content)) break;
      questions.push(message.content);
      if (texts.length === 1) asked = message.content;
      mayGoBack = true;
    }
  }
  return { latest: texts[0] ?? "", texts, asked, questions };
}

/** What the user said before the current thread, newest first. */
export function earlierTexts(messages: readonly Message[], thread: Thread): readonly string[] {
  const all = messages.flatMap((message) => (message.role === "user" ? [message.content] : [])).reverse();
  return all.slice(thread.texts.length);
}

export type Consent = "yes" | "no" | "unclear";

const NO =
  /^(?:(?:oh|um|well|hm+|actually|sorry)[,.! ]+)*(?:no\b|nope\b|nah\b|don['’]?t\b|do not\b|never ?mind\b|stop\b|wait\b|hold on\b|not (?:now|yet)\b|rather not\b|leave it\b|keep it\b|forget it\b)|\b(?:changed my mind|leave it|keep (?:it|the order|my order)|do(?: not|n['’]t) (?:do|cancel|go ahead|proceed|refund|delete))\b/i;
const YES =
  /^(?:(?:oh|um|well|hm+|great|perfect|thanks|thank you)[,.! ]+)*(?:yes\b|yep\b|yeah\b|yup\b|sure\b|ok(?:ay)?\b|correct\b|confirm(?:ed)?\b|absolutely\b|definitely\b|of course\b|please do\b|go ahead\b|do it\b|that['’]?s (?:right|correct|fine)\b|right\b|agreed\b)|\bi (?:hereby )?confirm\b|\b(?:go ahead|please proceed)\b/i;

const HEDGE =
  /\b(?:but|not (?:yet |really |quite )?(?:sure|certain|now)|unsure|think (?:about|it over)|let me (?:think|check|see|ask)|maybe|perhaps|unless|wait|if|later|first|before)\b/i;

/**
 * Reads a reply to "shall I go ahead?". A no wins over a yes, and a yes with a reservation is unclear, as is
 * anything else; unclear is not a yes.
 */
export function readConsent(text: string): Consent {
  const trimmed = text.trim();
  if (NO.test(trimmed)) return "no";
  return YES.test(trimmed) && !HEDGE.test(trimmed) ? "yes" : "unclear";
}
