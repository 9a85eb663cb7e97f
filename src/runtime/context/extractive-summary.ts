import type { Message } from "../../core/message.js";
import { cutEnd } from "./cut-text.js";
import { estimateTextTokens } from "./estimate-tokens.js";

const LINE_TOKENS = 40;
const LINE_BREAK_TOKENS = 1;

interface Line {
  readonly text: string;
  readonly score: number;
}

/**
 * A summary without a model: sentences and calls taken word for word, those with numbers and ids first, then what the
 * user said, later ones before earlier ones; in the order of the conversation. A baseline: it neither rephrases nor
 * resolves contradictions.
 *
 * @param earlier - the summary of what came before, empty for none; its lines count as the user's
 * @param maxTokens - estimated tokens; a result never has more
 */
export function extractiveSummary(earlier: string, messages: readonly Message[], maxTokens: number): string {
  const lines = [
    ...earlier
      .split("\n")
      .flatMap((text): Line[] => (text === "" ? [] : [{ text, score: 3 + weight(text) }])),
    ...messages.flatMap(linesOf),
  ];
  const byWorth = lines
    .map((line, index) => ({ line, index }))
    .sort((left, right) => right.line.score - left.line.score || right.index - left.index);
  const chosen = new Set<number>();
  const texts = new Set<string>();
  let room = maxTokens;
  for (const { line, index } of byWorth) {
    const tokens = estimateTextTokens(line.text) + LINE_BREAK_TOKENS;
    if (tokens > room || texts.has(line.text)) continue;
    chosen.add(index);
    texts.add(line.text);
    room -= tokens;
  }
  return lines
    .filter((_line, index) => chosen.has(index))
    .map(({ text }) => text)
    .join("\n");
}

function linesOf(message: Message): readonly Line[] {
  switch (message.role) {
    case "system":
      return [];
    case "user":
      return sentences(message.content).map((text) => ({ text: `User: ${text}`, score: 2 + weight(text) }));
    case "assistant": {
      const calls = (message.toolCalls ?? []).map((call) => `${call.name}${JSON.stringify(call.arguments)}`);
      return [
        ...sentences(message.content ?? "").map((text) => ({
          text: `Agent: ${text}`,
          score: 1 + weight(text),
        })),
        ...calls.map((text) => ({ text: `Called: ${cutEnd(text, LINE_TOKENS)}`, score: 1 })),
      ];
    }
    case "tool": {
      const text = cutEnd(message.content.replace(/\s+/g, " ").trim(), LINE_TOKENS);
      return [{ text: `${message.name}: ${text}`, score: 0 }];
    }
  }
}

function sentences(text: string): readonly string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => cutEnd(sentence.trim(), LINE_TOKENS))
    .filter((sentence) => sentence !== "");
}

/** Numbers and ids are what a later turn asks for. */
function weight(text: string): number {
  return /\d/.test(text) ? 2 : 0;
}
