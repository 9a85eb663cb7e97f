import type { IncomingHttpHeaders } from "node:http";
import type { GatewayConfig } from "../../config/gateway/gateway-schema.js";
import type { Client } from "../parts.js";

/** What routing and events need to know of a request. */
export interface RequestFacts {
  /** As the client named it. */
  readonly model: string | null;
  readonly conversationId: string | null;
  /** What the split hashes; `null` when the request names none. */
  readonly key: string | null;
}

/** Body of a request as JSON; `null` when it is none, or no object: the arm then says what is wrong with it. */
export function jsonObject(body: Buffer): { readonly [key: string]: unknown } | null {
  if (body.length === 0) return null;
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/**
 * Reads the ids of a request: of its header, else of its body. A tenant is that of the access key, whatever the request says.
 * The body is parsed when something of it is asked for: with ids in headers, and a model in the answer, never.
 */
export class BodyFacts implements RequestFacts {
  readonly conversationId: string | null;
  readonly key: string | null;
  readonly #body: Buffer | null;
  /** `undefined`: not parsed yet. */
  #json: { readonly [key: string]: unknown } | null | undefined;

  constructor(
    headers: IncomingHttpHeaders,
    body: Buffer | null,
    client: Client,
    config: Pick<GatewayConfig, "key" | "headers">,
  ) {
    this.#body = body;
    this.conversationId = headerText(headers, config.headers.conversation) ?? conversationOf(this.#parsed);
    if (config.key === "conversation") this.key = this.conversationId;
    else if (config.key === "tenant") this.key = text(client.tenantId);
    else this.key = headerText(headers, config.headers.user) ?? userOf(this.#parsed);
  }

  get model(): string | null {
    return text(this.#parsed?.model);
  }

  get #parsed(): { readonly [key: string]: unknown } | null {
    if (this.#json === undefined) this.#json = this.#body === null ? null : jsonObject(this.#body);
    return this.#json;
  }
}

/** A header with one value; several count as none, since arm and log could pick different ones. */
export function headerText(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === "string" ? text(value.trim()) : null;
}

function conversationOf(body: { readonly [key: string]: unknown } | null): string | null {
  if (body === null) return null;
  const { metadata, conversation } = body;
  const named = isObject(metadata) ? text(metadata.conversation_id) : null;
  return named ?? text(conversation) ?? (isObject(conversation) ? text(conversation.id) : null);
}

/** `metadata.user_id` is Anthropic's, `safety_identifier` OpenAI's new name of `user`. */
function userOf(body: { readonly [key: string]: unknown } | null): string | null {
  if (body === null) return null;
  const { metadata, user, safety_identifier } = body;
  return text(user) ?? text(safety_identifier) ?? (isObject(metadata) ? text(metadata.user_id) : null);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
