import type { Json } from "../../core/hash.js";
import type { Message, ToolSpec } from "../../core/message.js";
import { extractAnswer } from "./answer.js";
import { currentThread, earlierTexts, readConsent, type Thread } from "./conversation.js";
import { chooseTool, isOpenQuestion, type ToolMatch } from "./intent.js";
import { ASK_WHAT, DECLINE, DONT_KNOW, NOTHING_DONE, WELCOME } from "./phrases.js";
import { readContext } from "./read-context.js";
import { declineReason } from "./safety.js";
import { splitProse } from "./sentences.js";
import { idsIn, slotValues } from "./slots.js";
import { type Slot, type ToolProfile, toolProfiles } from "./tool-profile.js";
import { describeResults } from "./tool-reply.js";
import { contentStems } from "./words.js";

type Arguments = { readonly [key: string]: Json };

/** What the model does next. */
export type Decision =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "call"; readonly name: string; readonly calls: readonly Arguments[] };

/** At most this many calls in one reply, when the user lists several identifiers. */
const MAX_CALLS = 5;
/** A question of ours that was put this often without an answer is not put again. */
const MAX_ASKS = 2;

/**
 * Decides from the messages and tools alone. Order: report tool results; decline; act or ask; answer from
 * the documents. After tool results it always speaks, so it cannot call in a loop.
 */
export function decide(messages: readonly Message[], specs: readonly ToolSpec[]): Decision {
  const tools = toolProfiles(specs);
  const thread = currentThread(messages);
  if (messages.at(-1)?.role === "tool") return say(reportResults(messages, tools, thread));
  if (declineReason(thread.latest) !== null) return say(DECLINE);
  return act(messages, tools, thread) ?? say(answer(messages, thread));
}

function say(text: string): Decision {
  return { kind: "say", text };
}

function reportResults(messages: readonly Message[], tools: readonly ToolProfile[], thread: Thread): string {
  const start = messages.findLastIndex((message) => message.role !== "tool") + 1;
  const results = messages.slice(start).flatMap((message) =>
    message.role === "tool"
      ? [
          {
            label: tools.find(({ name }) => name === message.name)?.label ?? message.name,
            content: message.content,
          },
        ]
      : [],
  );
  const report = describeResults(results, thread.latest);
  const open = splitProse(
    thread.latest.replace(/,? and (?=(?:what|how|when|where|who|which|can i|may i)\b)/gi, "? "),
  )
    .filter((sentence) => isOpenQuestion(sentence, tools))
    .join(" ");
  const addition = open === "" ? DONT_KNOW : extractAnswer(open, readContext(messages));
  return addition === DONT_KNOW ? report : `${report} ${addition}`;
}

function act(messages: readonly Message[], tools: readonly ToolProfile[], thread: Thread): Decision | null {
  const own = chooseTool(thread.latest, tools);
  const pending = thread.texts
    .slice(1)
    .flatMap((text) => chooseTool(text, tools) ?? [])
    .at(-1);
  const consent = readConsent(thread.latest);
  if (pending !== undefined && thread.asked !== null) {
    if (consent === "no") return say(`All right, nothing was done: I did not ${pending.tool.phrase}.`);
    if (consent === "yes" || !changesSubject(own, pending, thread, tools)) {
      return proceed(pending, messages, thread, consent === "yes");
    }
  }
  if (own === null) return consent === "no" && isBrief(thread.latest) ? say(NOTHING_DONE) : null;
  const fresh: Thread = { ...thread, texts: [thread.latest], asked: null, questions: [] };
  return proceed(own, messages, fresh, /\bi (?:hereby )?confirm\b/i.test(thread.latest));
}

/** Whether a reply to our question is a new request or a question instead of an answer. */
function changesSubject(
  own: ToolMatch | null,
  pending: ToolMatch,
  thread: Thread,
  tools: readonly ToolProfile[],
): boolean {
  if (own === null) return isOpenQuestion(thread.latest, tools);
  return own.tool.name !== pending.tool.name && !own.tool.isReadOnly;
}

function isBrief(text: string): boolean {
  return !text.includes("?") && contentStems(text).length <= 3;
}

/** Fills the slots, asks for what is missing and for consent where it is needed, and calls. */
function proceed(
  { tool, sentence }: ToolMatch,
  messages: readonly Message[],
  thread: Thread,
  saidYes: boolean,
): Decision {
  const systemText = messages
    .flatMap((message) =>
      message.role === "system" && !message.content.includes("<context>") ? [message.content] : [],
    )
    .join("\n");
  // Later words win; within the first message the sentence that asks for the action does.
  const texts = [...thread.texts.slice(0, -1), sentence, ...thread.texts.slice(-1)];
  const sources = { texts, asked: thread.asked, systemText };
  const filled: { slot: Slot; values: readonly Json[] }[] = [];
  const missing: Slot[] = [];
  for (const slot of tool.slots) {
    if (slot.isConfirmation) continue;
    const values = slotValues(slot, sources);
    if (values.length > 0) filled.push({ slot, values });
    else if (slot.isRequired) missing.push(slot);
  }
  if (missing.length > 0) return say(askFor(tool, missing, thread));
  const calls = argumentSets(filled);
  if (!tool.needsConfirmation) return { kind: "call", name: tool.name, calls };
  if (!saidYes || !coversConsent(tool, thread)) return say(askConsent(tool, calls));
  const consent = Object.fromEntries(
    tool.slots.filter(({ isConfirmation }) => isConfirmation).map(({ name }) => [name, true]),
  );
  return { kind: "call", name: tool.name, calls: calls.map((call) => ({ ...call, ...consent })) };
}

/** Whether our question was one for consent, and the yes names nothing that the question did not. */
function coversConsent(tool: ToolProfile, { asked, latest }: Thread): boolean {
  if (asked === null) return true;
  if (!/\b(?:shall|should|confirm|go ahead|proceed|sure|want me to|like me to)\b/i.test(asked)) return false;
  const named = tool.slots.filter(({ kind }) => kind === "id").flatMap((slot) => idsIn(slot, latest));
  return named.every((id) => asked.includes(id));
}

/** One set of arguments, or one for each identifier when the user listed several for a single-valued slot. */
function argumentSets(
  filled: readonly { readonly slot: Slot; readonly values: readonly Json[] }[],
): Arguments[] {
  const several = filled.find(({ slot, values }) => !slot.isList && values.length > 1);
  const base = Object.fromEntries(
    filled.map(({ slot, values }) => [slot.name, slot.isList ? values : (values[0] ?? null)]),
  );
  if (several === undefined) return [base];
  return several.values.slice(0, MAX_CALLS).map((value) => ({ ...base, [several.slot.name]: value }));
}

function askFor(tool: ToolProfile, missing: readonly Slot[], thread: Thread): string {
  const wanted = missing
    .map(({ label, choices }) =>
      choices.length === 0 ? `the ${label}` : `the ${label} (${choices.slice(0, 8).join(", ")})`,
    )
    .join(" and ");
  const question = `To ${tool.phrase} I need ${wanted}. Could you give me that?`;
  const asks = thread.questions.filter((earlier) => earlier === question).length;
  return asks >= MAX_ASKS ? `I cannot ${tool.phrase} without ${wanted}, so nothing was done.` : question;
}

function askConsent(tool: ToolProfile, calls: readonly Arguments[]): string {
  const details = calls
    .map((call) =>
      Object.entries(call)
        .map(([name, value]) => `${name.replaceAll("_", " ")} ${String(value)}`)
        .join(", "),
    )
    .join("; ");
  const warning = tool.isIrreversible ? " This cannot be undone." : "";
  return `Please confirm: ${tool.phrase} (${details}).${warning} Shall I ${tool.verb} it?`;
}

function answer(messages: readonly Message[], thread: Thread): string {
  const { latest } = thread;
  if (/\bthank/i.test(latest) && isBrief(latest)) return WELCOME;
  if (contentStems(latest).length === 0) return ASK_WHAT;
  const isShort = contentStems(latest).length < 3;
  const background = isShort ? (thread.texts[1] ?? earlierTexts(messages, thread)[0] ?? "") : "";
  return extractAnswer(latest, readContext(messages), background);
}
