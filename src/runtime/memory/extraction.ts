import type { Message } from "../../core/message.js";
import type { StopReason } from "../../core/trial.js";
import type { Fact, FactKind } from "./fact.js";

/** What one conversation, or what was said since the last extraction, looked like when it ended. */
export interface FinishedTalk {
  readonly conversationId: string;
  /** From the first message of the user on. */
  readonly messages: readonly Message[];
  readonly stop: StopReason;
  /** What was left open before, so that it can be closed. */
  readonly openIssues: readonly Fact[];
}

/** A fact that was found; ids, times and expiry are added by the part. */
export interface FoundFact {
  readonly kind: FactKind;
  readonly subject: string;
  /** `null`: nothing contradicts it. */
  readonly attribute: string | null;
  readonly text: string;
}

export interface Extraction {
  readonly facts: readonly FoundFact[];
  /** Ids of open issues that were settled. */
  readonly settled: readonly string[];
}

/** Finds what is worth remembering. Throws an `AgentctlError` when it cannot. */
export interface Extractor {
  /** As in configuration, with its version. */
  readonly name: string;
  extract(talk: FinishedTalk): Extraction | Promise<Extraction>;
}
