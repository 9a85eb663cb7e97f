import type { UserInput } from "../../core/golden-case.js";
import { USER_END_MARKS, USER_OUT_OF_SCOPE_MARK } from "../../core/recording.js";
import type { Trace } from "../../core/trace.js";
import { holds, shapeOf, valuesIn } from "./known-values.js";

type UserFaultKind =
  | "invented_value"
  | "contradicted_goal"
  | "stopped_early"
  | "out_of_scope"
  | "spoke_as_agent"
  | "repeated_itself"
  | "said_nothing";

/** Something that the simulated user did wrong; what the agent made of it is not its fault. */
export interface UserFault {
  readonly kind: UserFaultKind;
  /** 0-based number among the user's messages. */
  readonly message: number;
  readonly detail: string;
}

const AGENT_WORDS: readonly RegExp[] = [
  /\bhow (?:can|may) I (?:help|assist) you\b/i,
  /\bthank you for (?:contacting|reaching out|calling)\b/i,
  /\banything else I can (?:help you|assist you|do for you)\b/i,
  /\bI(?:'ve| have) (?:now |just |successfully )?(?:processed|cancel+ed|refunded|updated|issued|transferred) your\b/i,
  /\byour (?:refund|order|request|booking|reservation|account) has been (?:successfully )?(?:processed|cancel+ed|refunded|updated|issued)\b/i,
  /\bas (?:a|your) (?:customer )?(?:support|service) (?:agent|representative|assistant)\b/i,
  /\bas an AI\b/i,
];
/** "Is there anything else?" wants no answer from somebody who is done. */
const CLOSING =
  /\b(?:anything|something) else\b|\bfurther (?:questions|assistance|help)\b|\bhave a (?:nice|great|good)\b/i;
const NEGATED = /\b(?:not|no|don't|doesn't|didn't|won't|isn't|never|instead of|rather than|n't)\b/i;
// Undoing names what there is; booking and changing may name what the agent has just offered.
const UNDOES = /\b(?:cancel|refund|return)\b/i;
const SHORT_WORDS = 4;

/**
 * Looks for faults of a user that a model played, by rules alone: ids, amounts of money and addresses that neither its
 * goal nor the agent named; a cancellation, refund or return of another id than the goal names; a stop before anything of the goal was
 * said, or in place of an answer; words of an agent; the same message twice; empty messages; a scenario that says too
 * little. Heuristics: a finding is a reason to read the conversation, none is no proof of a faultless user.
 */
export function auditUser(input: UserInput, { transcript }: Pick<Trace, "transcript">): readonly UserFault[] {
  const endMarks = input.endMarks ?? USER_END_MARKS;
  const given = [input.goal, input.persona ?? ""].join("\n");
  const faults: UserFault[] = [];
  let heard = given;
  let reply = "";
  let number = 0;
  const said = new Map<string, string>();
  const words: string[] = [];
  for (const { role, text } of transcript) {
    if (role === "assistant") {
      heard += `\n${text}`;
      reply = text;
      continue;
    }
    const message = number++;
    const add = (kind: UserFaultKind, detail: string) => faults.push({ kind, message, detail });
    const mark = endMarks.find((one) => text.includes(one));
    if (mark !== undefined) {
      if (mark === USER_OUT_OF_SCOPE_MARK) add("out_of_scope", "its scenario does not say enough to go on");
      else {
        const early = earlyStop(input.goal, words.join("\n"), reply);
        if (early !== null) add("stopped_early", early);
      }
      continue;
    }
    words.push(text);
    if (text.trim() === "") add("said_nothing", "the message is empty");
    if (input.tools === undefined) {
      const known = heard;
      for (const value of valuesIn(text)) {
        if (!holds(known, value)) add("invented_value", `${value.kind} ${value.text} is nowhere in its goal`);
      }
    }
    for (const other of wantedOthers(given, heard, text)) {
      add("contradicted_goal", `wants ${other}, which its goal does not name`);
    }
    const agentWords = AGENT_WORDS.flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
    if (agentWords.length > 0) add("spoke_as_agent", `said "${agentWords[0]}"`);
    const key = text.toLowerCase().replace(/\W+/g, " ").trim();
    // An agent that asks the same again may hear the same again.
    if (key.split(" ").length >= SHORT_WORDS && said.has(key) && said.get(key) !== reply) {
      add("repeated_itself", "said the same before");
    }
    said.set(key, reply);
    heard += `\n${text}`;
  }
  return faults;
}

function earlyStop(goal: string, said: string, lastReply: string): string | null {
  const wanted = contentWords(goal);
  const spoken = contentWords(said);
  if (![...wanted].some((word) => spoken.has(word))) return "left before it said anything of its goal";
  const isQuestion = /\?\s*$/.test(lastReply) && !CLOSING.test(lastReply);
  return isQuestion ? "left although the agent had asked it something" : null;
}

function contentWords(text: string): ReadonlySet<string> {
  return new Set(
    (text.toLowerCase().match(/[\p{L}\d-]{4,}/gu) ?? []).filter((word) => !STOP_WORDS.has(word)),
  );
}

const STOP_WORDS = new Set(
  "about after also been before could does from have hello help just like need please that their them then there they this user want wants what when which will with would your you're customer agent".split(
    " ",
  ),
);

/** Ids that the user asks to cancel, refund or return although the goal names others of the same shape, and not these. */
function wantedOthers(given: string, heard: string, text: string): readonly string[] {
  const named = valuesIn(given).filter(({ kind }) => kind === "id");
  const shapes = new Set(named.map(shapeOf));
  return text
    .split(/(?<=[.!?])\s+/)
    .filter((sentence) => UNDOES.test(sentence) && !NEGATED.test(sentence) && !sentence.trim().endsWith("?"))
    .flatMap((sentence) =>
      valuesIn(sentence).filter(
        (value) =>
          value.kind === "id" && shapes.has(shapeOf(value)) && !holds(given, value) && holds(heard, value),
      ),
    )
    .map(({ text: id }) => id);
}
