import type { TokenUsage } from "../../core/message.js";

/** What is read of an answer on the side. */
export interface AnswerFacts {
  /** As the arm names it. */
  model: string | null;
  usage: TokenUsage | null;
  /** The provider's word. */
  finishReason: string | null;
  /** The answer itself says that the arm failed, behind a status of 200. */
  hasFailed: boolean;
  /** It came to the end that its format has; `true` for formats that have none. */
  isComplete: boolean;
}

/** Reads an answer as it passes. */
export interface AnswerReader {
  readonly facts: AnswerFacts;
  /** Events with text, tool calls or reasoning so far: about as many as tokens; 0 of an answer that is no stream. */
  readonly pieces: number;
  push(piece: Buffer): void;
  /** The answer ended as HTTP wants it to. */
  end(): void;
}

export function emptyFacts(): AnswerFacts {
  return { model: null, usage: null, finishReason: null, hasFailed: false, isComplete: false };
}
