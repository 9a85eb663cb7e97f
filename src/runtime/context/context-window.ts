import type { Message, ModelReply, ToolSpec } from "../../core/message.js";
import type { ConversationContext, ConversationHooks, ConversationPart } from "../conversation-part.js";
import { effectsLayer } from "../ledger/effects-view.js";
import type { ToolLayer } from "../tools/tool.js";
import { Calibration } from "./calibration.js";
import { ContextBudgetError } from "./context-budget-error.js";
import { cutResult } from "./cut-result.js";
import { cutEnd } from "./cut-text.js";
import { estimateRequestTokens } from "./estimate-tokens.js";
import { extractiveSummary } from "./extractive-summary.js";
import { type FitPlan, fixedTokensOf, planFit, tokensOf, withResultsWithin } from "./fit-request.js";
import { groupsWithin, leftOut, partsOf, type RequestParts } from "./message-groups.js";
import { modelSummary, type Summarise } from "./model-summary.js";
import { notesMessage } from "./notes-message.js";
import { PinnedFacts, type PinOptions } from "./pinned-facts.js";
import { fingerprintOf, readSummary, writeSummary } from "./summary-note.js";

export interface ContextWindowOptions {
  /** The agent file, for messages. */
  readonly file: string;
  /** Largest request, in estimated tokens, at least 1. */
  readonly maxTokens: number;
  /** Share of it that a request is brought down to when turns are left out, above 0 to 1. */
  readonly targetShare: number;
  readonly summarise: "model" | "extractive";
  readonly summaryMaxTokens: number;
  /** Largest tool result, in estimated tokens. */
  readonly toolResultMaxTokens: number;
  /** Fields that long results keep, by tool; `*` for every other tool. A tool's own come after these. */
  readonly resultFields: ReadonlyMap<string, readonly string[]>;
  readonly pin: PinOptions;
}

/**
 * Keeps the agent's requests within a token budget. The log stays whole; only what is sent is fitted: long tool results
 * are cut, then old turns give way to a summary and the pinned facts. Calls and their results go together; system
 * prompts, tools, pinned facts and the last message of the user always stay.
 *
 * The hooks throw {@link ContextBudgetError} when these alone are above the budget.
 */
export function contextWindow(options: ContextWindowOptions): ConversationPart {
  return { name: "context", open: (context) => new ContextWindow(options, context) };
}

class ContextWindow implements ConversationHooks {
  private readonly facts: PinnedFacts;
  private readonly summarise: Summarise;
  private readonly calibration = new Calibration();
  private readonly cut = new WeakMap<Message, Message>();
  readonly toolLayer?: ToolLayer;

  constructor(
    private readonly options: ContextWindowOptions,
    private readonly context: ConversationContext,
  ) {
    const { log, help, emit, signal } = context;
    this.facts = new PinnedFacts(options.pin, log);
    if (options.pin.effects) this.toolLayer = effectsLayer(log);
    this.summarise =
      options.summarise === "model"
        ? modelSummary(help, emit, signal, options.maxTokens)
        : async (...args) => extractiveSummary(...args);
  }

  readonly onModelReply = ({ usage }: ModelReply): void => {
    if (usage !== null) this.calibration.observe(usage.inputTokens);
  };

  readonly onModelRequest = async (
    messages: readonly Message[],
    tools: readonly ToolSpec[],
  ): Promise<readonly Message[]> => {
    const shortened = messages.map((message) => this.withCutResult(message));
    const maxTokens = this.calibration.inEstimates(this.options.maxTokens);
    const fits = estimateRequestTokens(shortened, tools) <= maxTokens;
    const plan = fits ? null : this.plan(partsOf(shortened), tools, maxTokens);
    const sent = plan === null ? shortened : await this.fitted(plan, messages);
    this.calibration.sent(estimateRequestTokens(sent, tools));
    if (plan !== null || shortened.some((message, index) => message !== messages[index])) {
      this.context.emit("context_fitted", {
        tokensBefore: this.calibration.inTokens(estimateRequestTokens(messages, tools)),
        tokensAfter: this.calibration.inTokens(estimateRequestTokens(sent, tools)),
        summarisedMessages: plan === null ? 0 : leftOut(plan.parts, plan).length,
        pinnedFacts: plan?.facts.length ?? 0,
      });
    }
    return sent;
  };

  private withCutResult(message: Message): Message {
    if (message.role !== "tool") return message;
    const known = this.cut.get(message);
    if (known !== undefined) return known;
    const { resultFields, toolResultMaxTokens } = this.options;
    const declared =
      resultFields.get(message.name) ??
      resultFields.get("*") ??
      this.context.tools.find(({ spec }) => spec.name === message.name)?.resultFields ??
      null;
    const content = cutResult(message.content, declared, toolResultMaxTokens);
    const shortened = content === message.content ? message : { ...message, content };
    this.cut.set(message, shortened);
    return shortened;
  }

  private plan(parts: RequestParts, tools: readonly ToolSpec[], maxTokens: number): PlannedRequest {
    const facts = this.facts.list();
    const fixedTokens = fixedTokensOf(parts, notesMessage(facts, ""), tools);
    if (fixedTokens > maxTokens) {
      const { file, maxTokens: budget } = this.options;
      throw new ContextBudgetError(file, budget, this.calibration.inTokens(fixedTokens));
    }
    const { targetShare, summaryMaxTokens } = this.options;
    const limits = {
      maxTokens,
      targetTokens: Math.floor(maxTokens * targetShare),
      summaryMaxTokens,
      summaryOverheadTokens: fixedTokensOf(parts, notesMessage(facts, "-"), tools) - fixedTokens,
    };
    return { ...planFit(parts, fixedTokens, limits, this.covered(parts)), parts, facts };
  }

  /** What the last summary covers of these messages; nothing when it was made of others. */
  private covered(parts: RequestParts): Pick<FitPlan, "turns" | "steps"> {
    const note = readSummary(this.context.log);
    if (note === null) return NOTHING;
    const turns = groupsWithin(parts.turns, note.turnMessages);
    const messages = leftOut(parts, { turns, steps: 0 });
    if (messages.length !== note.turnMessages || fingerprintOf(messages) !== note.fingerprint) return NOTHING;
    // In a later turn the steps are part of an old turn, which is kept or left out as a whole.
    const isSameTurn = parts.turns.flat().length === note.historyMessages;
    return { turns, steps: isSameTurn ? groupsWithin(parts.steps, note.stepMessages) : 0 };
  }

  private async fitted(plan: PlannedRequest, original: readonly Message[]): Promise<readonly Message[]> {
    const { parts, facts, roomTokens } = plan;
    const notes = notesMessage(facts, await this.summaryOf(plan, original));
    const turns = parts.turns.slice(plan.turns).flat();
    const steps = parts.steps.slice(plan.steps);
    const [only] = steps;
    const shown =
      steps.length === 1 && only !== undefined
        ? (withResultsWithin(only, roomTokens - tokensOf(turns)) ?? [])
        : steps.flat();
    return [...parts.system, ...(notes === null ? [] : [notes]), ...turns, ...parts.user, ...shown];
  }

  private async summaryOf(plan: PlannedRequest, original: readonly Message[]): Promise<string> {
    const { log } = this.context;
    const { parts, summaryTokens } = plan;
    const all = leftOut(parts, plan);
    if (all.length === 0 || summaryTokens === 0) return "";
    const note = readSummary(log);
    const known = leftOut(parts, this.covered(parts));
    const earlier = known.length === 0 ? "" : (note?.text ?? "");
    if (known.length === all.length) return cutEnd(earlier, summaryTokens);
    const isKnown = new Set(known);
    const fresh = all.filter((message) => !isKnown.has(message));
    const text = cutEnd(await this.summarise(earlier, fresh, summaryTokens), summaryTokens);
    // A strategy may send messages of its own; only what the log holds comes again.
    if (original.length - parts.system.length === log.messages.length) {
      const turns = parts.turns.slice(0, plan.turns).flat();
      writeSummary(log, {
        text,
        turnMessages: turns.length,
        stepMessages: all.length - turns.length,
        historyMessages: parts.turns.flat().length,
        fingerprint: fingerprintOf(turns),
      });
    }
    return text;
  }
}

/** A request that does not fit as it is. */
interface PlannedRequest extends FitPlan {
  readonly parts: RequestParts;
  readonly facts: readonly string[];
}

const NOTHING = { turns: 0, steps: 0 } as const;
