import type { Message, ToolSpec } from "../../core/message.js";
import { cutMiddle } from "./cut-text.js";
import { estimateMessageTokens, estimateRequestTokens } from "./estimate-tokens.js";
import type { RequestParts } from "./message-groups.js";

/** How much of a request is left out. */
export interface FitPlan {
  /** Turns left out, from the first. */
  readonly turns: number;
  /** Steps of the current turn left out, from the first. */
  readonly steps: number;
  /** Tokens that the summary may have; 0 for none. */
  readonly summaryTokens: number;
  /** Tokens that the kept turns and steps may have. */
  readonly roomTokens: number;
}

export interface FitLimits {
  /** Estimated tokens that the request may have at most. */
  readonly maxTokens: number;
  /** What it is brought down to when turns must go, at most `maxTokens`. */
  readonly targetTokens: number;
  readonly summaryMaxTokens: number;
  /** What a summary costs beside its own text. */
  readonly summaryOverheadTokens: number;
}

/** A summary of fewer tokens says nothing. */
const LEAST_SUMMARY = 10;
/** Share of what is left beside the fixed part that a summary may take at most. */
const SUMMARY_SHARE = 0.25;

/**
 * Decides what a request leaves out. Whole turns go first, the oldest first, down to the target; then steps of the
 * current turn, only as many as the limit wants, and the last one only when it cannot be cut to fit.
 *
 * @param fixedTokens - of all that stays: system prompt, tools, notes with the pinned facts, last message of the user
 * @param least - left out whatever the sizes: what a summary covers already
 */
export function planFit(
  { turns, steps }: RequestParts,
  fixedTokens: number,
  limits: FitLimits,
  least: Pick<FitPlan, "turns" | "steps">,
): FitPlan {
  const { maxTokens, targetTokens } = limits;
  const summaryTokens = summaryTokensOf(maxTokens - fixedTokens, limits);
  const stays = fixedTokens + (summaryTokens === 0 ? 0 : summaryTokens + limits.summaryOverheadTokens);
  const turnSizes = turns.map(tokensOf);
  const stepSizes = steps.map(tokensOf);
  let { turns: goneTurns, steps: goneSteps } = least;
  const size = () => stays + sum(turnSizes.slice(goneTurns)) + sum(stepSizes.slice(goneSteps));
  if (size() > maxTokens) {
    while (goneTurns < turns.length && size() > targetTokens) goneTurns += 1;
    while (goneSteps < steps.length - 1 && size() > maxTokens) goneSteps += 1;
    const last = steps.at(-1);
    if (size() > maxTokens && last !== undefined && withResultsWithin(last, maxTokens - stays) === null) {
      goneSteps = steps.length;
    }
  }
  return { turns: goneTurns, steps: goneSteps, summaryTokens, roomTokens: maxTokens - stays };
}

function summaryTokensOf(room: number, { summaryMaxTokens, summaryOverheadTokens }: FitLimits): number {
  const tokens = Math.min(summaryMaxTokens, Math.floor(room * SUMMARY_SHARE) - summaryOverheadTokens);
  return tokens < LEAST_SUMMARY ? 0 : tokens;
}

/**
 * One step with its tool results cut so that the step has at most `room` tokens, each result getting an equal share.
 *
 * @returns `null` when it does not fit even with empty results
 */
export function withResultsWithin(step: readonly Message[], room: number): readonly Message[] | null {
  if (tokensOf(step) <= room) return step;
  const bare = step.map((message) => (message.role === "tool" ? { ...message, content: "" } : message));
  const results = step.filter(({ role }) => role === "tool").length;
  const share = results === 0 ? 0 : Math.floor((room - tokensOf(bare)) / results);
  if (results === 0 || share < 0) return null;
  return step.map((message) =>
    message.role === "tool" ? { ...message, content: cutMiddle(message.content, share) } : message,
  );
}

/** Tokens of messages alone, without what a request adds. */
export function tokensOf(messages: readonly Message[]): number {
  return sum(messages.map(estimateMessageTokens));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Tokens of what is never left out. */
export function fixedTokensOf(
  { system, user }: RequestParts,
  notes: Message | null,
  tools: readonly ToolSpec[],
): number {
  return estimateRequestTokens([...system, ...(notes === null ? [] : [notes]), ...user], tools);
}
