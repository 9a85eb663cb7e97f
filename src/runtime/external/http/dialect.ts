import type { Json } from "../../../core/hash.js";
import type { ExternalMessage, ExternalReply } from "../external-agent.js";
import type { TemplateValues } from "./fill-template.js";

/** How one kind of endpoint is spoken to. */
export interface Dialect {
  /** How responses come: event by event, or `null` for one JSON document. */
  readonly stream: "sse" | "json_lines" | null;
  requestBody(said: ExternalMessage, values: TemplateValues): Json;
  /** Reads one response. */
  begin(): ReplyBuilder;
}

/** Puts a response together; its methods throw a `ProviderError` for what cannot be read. */
export interface ReplyBuilder {
  /**
   * @param data - of one event, or the whole body
   * @returns the piece of the answer in it, maybe empty
   */
  add(data: string): string;
  finish(): FinishedReply;
}

export interface FinishedReply {
  readonly reply: ExternalReply;
  /** Session that the server named; `null` when it named none. */
  readonly sessionId: string | null;
}
