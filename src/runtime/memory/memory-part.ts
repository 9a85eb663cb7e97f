import type { MemoryConfig } from "../../config/agent/memory-schema.js";
import { AgentctlError } from "../../core/errors.js";
import { contentHash } from "../../core/hash.js";
import type { Message } from "../../core/message.js";
import type { StopReason } from "../../core/trial.js";
import type { ConversationContext, ConversationHooks, ConversationPart } from "../conversation-part.js";
import { redactSecrets } from "../guardrails/secrets.js";
import type { Embedder } from "../retrieval/ranking/embedder.js";
import { baselineExtractor } from "./baseline-extractor.js";
import type { Extractor, FoundFact } from "./extraction.js";
import { type Fact, type FactKind, keyOf, type MemoryScope, type NewFact } from "./fact.js";
import { givesOrders, memoryBlock, withMemory } from "./memory-block.js";
import type { MemoryStore } from "./memory-store.js";
import { modelExtractor } from "./model-extractor.js";
import { chooseFacts, type RecallSettings } from "./recall.js";
import type { SeedFact } from "./seed.js";
import { baselineSimilarity, embeddedSimilarity } from "./similarity.js";

const DAY_MS = 86_400_000;
/** Facts of one user that are compared with a message: the last observed. */
const MOST_COMPARED = 500;
/** Note of the log: messages of the conversation that facts were taken from already. */
const EXTRACTED = "memory.extracted";

export interface MemoryPartOptions {
  readonly config: MemoryConfig;
  readonly store: MemoryStore;
  /** Ids of new facts that are kept. */
  readonly newId: () => string;
  /** Facts that every conversation begins with, which is then forgotten at its end; `null`: the store is a user's own. */
  readonly trialSeed: readonly SeedFact[] | null;
  readonly embedder: Embedder | null;
}

/**
 * The memory of an agent as a part of the runtime: before a request it recalls what is known of the user, after the
 * conversation it writes down what it learned. Nothing is kept of somebody who did not sign in. What fails in here is
 * an event and never ends the conversation.
 */
export function memoryPart(options: MemoryPartOptions): ConversationPart {
  return {
    name: "memory",
    open: (context) => {
      const { userId } = context.identity;
      return userId === null ? {} : new UserMemory(options, context, userId).hooks();
    },
  };
}

class UserMemory {
  private readonly scope: MemoryScope;
  private readonly settings: RecallSettings;
  private block: Message | null = null;
  /** Messages of the user that the block was made for. */
  private madeFor = -1;
  private isSeeded = false;
  private learned = 0;

  constructor(
    private readonly options: MemoryPartOptions,
    private readonly context: ConversationContext,
    userId: string,
  ) {
    const space = options.trialSeed === null ? "" : context.conversationId;
    this.scope = { space, tenantId: context.identity.tenantId, userId };
    const { top_k, min_score, alpha, half_life_days, profile_k } = options.config.recall;
    this.settings = {
      topK: top_k,
      minScore: min_score,
      alpha,
      halfLifeMs: half_life_days * DAY_MS,
      profileK: profile_k,
    };
  }

  hooks(): ConversationHooks {
    return {
      onModelRequest: (messages) => {
        const said = this.said();
        if (said.length !== this.madeFor) {
          const recalled = this.recall(said.at(-1) ?? "");
          if (recalled instanceof Promise) return recalled.then(() => this.remind(messages, said.length));
        }
        return this.remind(messages, said.length);
      },
      onEnd: (stop) => this.end(stop),
    };
  }

  private said(): readonly string[] {
    return this.context.log.messages.flatMap(({ role, content }) => (role === "user" ? [content ?? ""] : []));
  }

  private remind(messages: readonly Message[], madeFor: number): readonly Message[] {
    this.madeFor = madeFor;
    return this.block === null ? messages : withMemory(messages, this.block);
  }

  /** Recalls facts for a message of the user; at once unless an endpoint is asked. */
  private recall(query: string): void | Promise<void> {
    const { store, embedder } = this.options;
    try {
      this.seed();
      const facts = store.current(this.scope, MOST_COMPARED);
      const similar =
        embedder === null ? baselineSimilarity : embeddedSimilarity(store, this.scope, embedder);
      const similarities = similar(query, facts, this.context.signal);
      if (!(similarities instanceof Promise)) return this.choose(query, facts, similarities);
      return similarities
        .catch((error: unknown) => {
          this.report(error);
          return baselineSimilarity(query, facts, this.context.signal);
        })
        .then((values) => this.choose(query, facts, values));
    } catch (error) {
      this.block = null;
      this.report(error);
    }
  }

  private choose(query: string, facts: readonly Fact[], similarities: readonly number[]): void {
    const { emit, clock } = this.context;
    const recalled = chooseFacts(facts, similarities, this.settings, clock.now());
    emit("memory_read", {
      query,
      facts: recalled.map(({ fact, score }) => ({ id: fact.id, score })),
    });
    this.block = null;
    if (recalled.length === 0) return;
    const { message, quarantined } = memoryBlock(recalled);
    this.block = message;
    if (quarantined.length > 0) {
      emit("guardrail_triggered", {
        rule: "retrieval.memory",
        action: "quarantine",
        detail: `orders to the assistant were taken out of ${quarantined.length} recalled facts`,
        documentIds: quarantined,
      });
    }
  }

  private async end(stop: StopReason): Promise<void> {
    try {
      await this.learn(stop);
    } catch (error) {
      this.report(error);
    }
    // A trial is forgotten with its end.
    if (this.options.trialSeed !== null) this.options.store.forgetSpace(this.scope.space);
  }

  private async learn(stop: StopReason): Promise<void> {
    const { log, conversationId } = this.context;
    const extractor = this.extractor();
    const done = Number(log.note(EXTRACTED) ?? 0);
    const messages = log.messages.slice(done);
    if (extractor === null || !messages.some(({ role }) => role === "user")) return;
    this.seed();
    const openIssues = this.options.store.current(this.scope).filter(({ kind }) => kind === "issue");
    const found = await extractor.extract({ conversationId, messages, stop, openIssues });
    // Refused when the session was deleted meanwhile: nothing may be written of it then.
    log.setNote(EXTRACTED, done);
    this.write(found.facts);
    this.options.store.retire(this.scope, found.settled);
    log.setNote(EXTRACTED, log.messages.length);
  }

  private extractor(): Extractor | null {
    const { extraction } = this.options.config;
    if (extraction === "none") return null;
    return extraction === "model" ? modelExtractor(this.context.help) : baselineExtractor;
  }

  private write(found: readonly FoundFact[]): void {
    const { emit } = this.context;
    const harmless = found.filter((fact) => !givesOrders(`${fact.text}. ${fact.attribute ?? ""}`));
    if (harmless.length < found.length) {
      emit("guardrail_triggered", {
        rule: "retrieval.memory",
        action: "block",
        detail: `${found.length - harmless.length} facts that give orders to the assistant were not written down`,
      });
    }
    const facts = harmless.map((fact) => this.factOf(fact, this.context.clock.now()));
    for (const { id, kind, replaces, outcome } of this.options.store.put(this.scope, facts)) {
      if (outcome !== "confirmed") emit("memory_write", { factId: id, kind, replaces });
    }
  }

  private factOf(found: FoundFact, observedAtMs: number): NewFact {
    const { trialSeed, newId, config } = this.options;
    this.learned += 1;
    const days = ttlOf(config, found.kind);
    const text = redactSecrets(found.text).text;
    return {
      id: trialSeed === null ? newId() : `fact-${this.learned}`,
      kind: found.kind,
      subject: found.subject,
      attribute: found.attribute ?? contentHash(keyOf(text)).slice(0, 16),
      text,
      source: this.context.conversationId,
      observedAtMs,
      expiresAtMs: days === undefined ? null : observedAtMs + days * DAY_MS,
    };
  }

  /** Plants what every trial begins with, for all users that the seed names: only the trial's own may be recalled. */
  private seed(): void {
    const { trialSeed, store } = this.options;
    if (this.isSeeded || trialSeed === null) return;
    this.isSeeded = true;
    const now = this.context.clock.now();
    const { space } = this.scope;
    store.forgetSpace(space);
    for (const { tenantId, userId, id, kind, subject, attribute, text, ageMs, ttlMs } of trialSeed) {
      const observedAtMs = now - ageMs;
      const fact = {
        id,
        kind,
        subject,
        attribute: attribute ?? contentHash(keyOf(text)).slice(0, 16),
        text,
        source: "seed",
        observedAtMs,
        expiresAtMs: ttlMs === null ? null : observedAtMs + ttlMs,
      };
      store.put({ space, tenantId, userId }, [fact]);
    }
  }

  private report(error: unknown): void {
    if (!(error instanceof AgentctlError)) throw error;
    const { code, message, isRetryable } = error;
    this.context.emit("error", { code, message: `memory: ${message}`, isRetryable });
  }
}

function ttlOf({ ttl_days }: MemoryConfig, kind: FactKind): number | undefined {
  return ttl_days[kind];
}
