import type { Message, Reasoning, ToolSpec } from "../../core/message.js";
import { currentThread } from "./conversation.js";
import type { Decision } from "./decide.js";
import { rankTools } from "./intent.js";
import { DONT_KNOW } from "./phrases.js";
import { toolProfiles } from "./tool-profile.js";
import { contentStems } from "./words.js";

const MOST_ALTERNATIVES = 3;

/**
 * What the baseline can say of its decision. For a call: how far the chosen tool leads the next one, from 0.5 (a
 * tie) to 1 (nothing else fits). For words: the share of what was asked that they take up again; 0 for "I don't
 * know", `null` when nothing was asked.
 */
export function reasoningFor(
  decision: Decision,
  messages: readonly Message[],
  specs: readonly ToolSpec[],
): Reasoning {
  const { latest } = currentThread(messages);
  const ranked = rankTools(latest, toolProfiles(specs));
  if (decision.kind === "say") {
    return {
      thought: ranked.length === 0 ? "No tool fits the request." : "Words come before a tool here.",
      confidence: decision.text === DONT_KNOW ? 0 : coverage(latest, decision.text),
      alternatives: ranked.slice(0, MOST_ALTERNATIVES).map(({ tool }) => tool.name),
    };
  }
  const own = ranked.find(({ tool }) => tool.name === decision.name);
  const others = ranked.filter(({ tool }) => tool.name !== decision.name);
  return {
    thought: `The request asks for ${decision.name}.`,
    confidence: margin(own?.score ?? 0, others[0]?.score ?? 0),
    alternatives: others.slice(0, MOST_ALTERNATIVES).map(({ tool }) => tool.name),
  };
}

function margin(score: number, next: number): number {
  if (next <= 0) return 1;
  return score <= next ? 0.5 : 1 - next / (score + next);
}

function coverage(question: string, answer: string): number | null {
  const asked = new Set(contentStems(question));
  if (asked.size === 0) return null;
  const said = new Set(contentStems(answer));
  return [...asked].filter((stem) => said.has(stem)).length / asked.size;
}
