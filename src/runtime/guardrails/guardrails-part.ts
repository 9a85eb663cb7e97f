import type { GuardrailLayers } from "../../config/agent/guardrails-schema.js";
import type { Message } from "../../core/message.js";
import type { ConversationContext, ConversationHooks, ConversationPart } from "../conversation-part.js";
import { effectsLayer, effectsOf } from "../ledger/effects-view.js";
import type { ToolLayer } from "../tools/tool.js";
import { guardArguments } from "./argument-guard.js";
import { guardPassages, guardResult } from "./data-guard.js";
import { inputGuard } from "./input-guard.js";
import { outputGuard } from "./output-guard.js";
import { type PromptShingles, promptShingles } from "./prompt-overlap.js";

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
    ...(input === null ? {} : { onUserMessage: inputGuard(input, emit) }),
    onPassages: (passages) => {
      const guarded = retrieval === null ? passages : guardPassages(passages, retrieval, emit);
      passageTexts = guarded.map(({ text }) => text);
      return guarded;
    },
    onModelRequest: (messages) => {
      const [system] = messages;
      if (system?.role === "system") prompt = prepared(system.content);
      return messages;
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
              effects: effectsOf(log)
                .done()
                .map((effect) => ({ ...effect, description: describe.get(effect.tool) ?? "" })),
              prompt,
            }),
        }),
  };
}

function contentsOf(messages: readonly Message[], role: Message["role"]): readonly string[] {
  return messages.flatMap((message) =>
    message.role === role && message.content !== null ? [message.content] : [],
  );
}
