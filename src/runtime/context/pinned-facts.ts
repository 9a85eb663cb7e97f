import type { Message } from "../../core/message.js";
import type { ConversationLog } from "../conversation-log.js";
import { effectsOf } from "../ledger/effects-view.js";
import { cutEnd } from "./cut-text.js";

const FACT_TOKENS = 60;
const RESULT_TOKENS = 30;

export interface PinOptions {
  /** Whether what successful side effects did is pinned. */
  readonly effects: boolean;
  /** What they match is pinned, with who said it. */
  readonly patterns: readonly RegExp[];
  /** Most facts from patterns; the newest are kept. */
  readonly maxFacts: number;
}

const SAID_BY = { user: "The user said", assistant: "The agent said", tool: "answered" } as const;

/** The facts of one conversation that outlast the messages they stand in. */
export class PinnedFacts {
  private position = 0;
  private readonly matched = new Set<string>();
  private readonly patterns: readonly RegExp[];

  constructor(
    private readonly options: PinOptions,
    private readonly log: ConversationLog,
  ) {
    this.patterns = options.patterns.map((pattern) => new RegExp(pattern.source, "giu"));
  }

  /** In the order in which they came up, effects first; each once. */
  list(): readonly string[] {
    const { messages } = this.log;
    for (; this.position < messages.length; this.position += 1) {
      const message = messages[this.position];
      if (message !== undefined) this.match(message);
    }
    return [
      ...(this.options.effects ? this.effects() : []),
      ...[...this.matched].slice(-this.options.maxFacts),
    ];
  }

  private effects(): readonly string[] {
    const facts = effectsOf(this.log)
      .done()
      .map(({ tool, args, result }) => {
        const call = cutEnd(`${tool}${JSON.stringify(args)}`, FACT_TOKENS);
        return `Done, do not repeat: ${call} → ${cutEnd(oneLine(result), RESULT_TOKENS)}`;
      });
    return [...new Set(facts)];
  }

  private match(message: Message): void {
    if (message.role === "system" || message.content === null) return;
    const speaker = message.role === "tool" ? `${message.name} ${SAID_BY.tool}` : SAID_BY[message.role];
    for (const pattern of this.patterns) {
      for (const [text] of message.content.matchAll(pattern)) {
        if (text.trim() === "") continue;
        const fact = `${speaker}: ${JSON.stringify(cutEnd(oneLine(text), FACT_TOKENS))}`;
        // Added again at the end: the newest are kept.
        this.matched.delete(fact);
        this.matched.add(fact);
      }
    }
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
