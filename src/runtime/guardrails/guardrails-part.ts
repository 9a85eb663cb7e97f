import type { GuardrailLayers } from "../../config/agent/guardrails-schema.js";
import { type Json, sha256 } from "../../core/hash.js";
import type { Message } from "../../core/message.js";
import type { ConversationLog } from "../conversation-log.js";
import type { ConversationContext, ConversationHooks, ConversationPart } from "../conversation-part.js";
import { effectsLayer, effectsOf } from "../ledger/effects-view.js";
import type { ToolLayer } from "../tools/tool.js";
import { guardArguments } from "./argument-guard.js";
import { guardPassages, guardResult } from "./data-guard.js";
import { inputGuard } from "./input-guard.js";
import { outputGuard } from "./output-guard.js";
import { type PromptShingles, promptShingles } from "./prompt-overlap.js";

/** Note of the log: hashes of messages that were not answered; no model reads them later either. */
const WITHHELD = "guardrails.withheld";
const WITHHELD_TEXT = "[message withheld by a guardrail]";

const NO_PROMPT: PromptShingles = new Set();

/**
 * The guardrails of an agent as a part of the runtime: what the user says, what documents and tools say, what the agent
 * says. They make attacks rarer and visible. That nothing unauthorised happens does not rest on them: permissions and
 * caps of tools are enforced apart from any text.
 */
export function guardrailsPart(layers: GuardrailLayers): ConversationPart {
  const shingles = new Map<string, PromptShingles>();
  const prepared = (prompt: string): PromptShingles => {
    const known = shingles.get(prompt) ?? promptShingles(prompt);
    shingles.set(prompt, known);
    return known;
  };
  return { name: "guardrails", open: (context) => hooksOf(layers, context, prepared) };
}

function hooksOf(
  { input, retrieval, tool, output }: GuardrailLayers,
  { emit, log, tools }: ConversationContext,
  prepared: (prompt: string) => PromptShingles,
): ConversationHooks {
  let prompt = NO_PROMPT;
  let passageTexts: readonly string[] = [];
  const describe = new Map(tools.map(({ spec }) => [spec.name, spec.description]));
  const noteEffects = effectsLayer(log);
  const checkMessage = input === null ? null : inputGuard(input, emit);
  const checkReply = output === null ? null : outputGuard(output, emit);

  const toolLayer: ToolLayer = (invocation, next) =>
    noteEffects(invocation, async (passed) => {
      if (tool === null) return next(passed);
      const refused = guardArguments(passed, tool, prompt, emit);
      if (refused !== null) return refused;
      const outcome = await next(passed);
      return tool.instructions === false
        ? outcome
        : guardResult(outcome, passed.callId, tool.instructions, emit);
    });

  return {
    ...(checkMessage === null
      ? {}
      : {
          onUserMessage: (text: string) => {
            const decision = checkMessage(text);
            if (decision.kind === "reply") log.setNote(WITHHELD, [...withheldOf(log), sha256(text)]);
            return decision;
          },
        }),
    onPassages: (passages) => {
      const guarded = retrieval === null ? passages : guardPassages(passages, retrieval, emit);
      passageTexts = guarded.map(({ text }) => text);
      return guarded;
    },
    onModelRequest: (messages) => {
      const [system] = messages;
      if (system?.role === "system") prompt = prepared(system.content);
      return withoutWithheld(messages, withheldOf(log));
    },
    toolLayer,
    ...(checkReply === null
      ? {}
      : {
          onReply: (text: string) =>
            checkReply(text, {
              userTexts: contentsOf(log.messages, "user"),
              toolTexts: contentsOf(log.messages, "tool"),
              passageTexts,
              anyUnknown: effectsOf(log).anyUnknown(),
              effects: effectsOf(log)
                .done()
                .map((effect) => ({ ...effect, description: describe.get(effect.tool) ?? "" })),
              prompt,
            }),
        }),
  };
}

function withheldOf(log: ConversationLog): readonly string[] {
  const note: Json | undefined = log.note(WITHHELD);
  return Array.isArray(note) ? (note as readonly string[]) : [];
}

function withoutWithheld(messages: readonly Message[], withheld: readonly string[]): readonly Message[] {
  if (withheld.length === 0) return messages;
  return messages.map((message) =>
    message.role === "user" && withheld.includes(sha256(message.content))
      ? { ...message, content: WITHHELD_TEXT }
      : message,
  );
}

function contentsOf(messages: readonly Message[], role: Message["role"]): readonly string[] {
  return messages.flatMap((message) =>
    message.role === role && message.content !== null ? [message.content] : [],
  );
}
