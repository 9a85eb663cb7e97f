import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
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

type RequestHeaders = Pick<IncomingMessage, "headers" | "rawHeaders">;

/**
 * Reads the ids of a request: of its header, else of its body. A tenant is that of the access key, whatever the request says.
 * The body is parsed when something of it is asked for: with ids in headers, and a model in the answer, for a trace alone.
 */
export class BodyFacts implements RequestFacts {
  readonly conversationId: string | null;
  readonly key: string | null;
  readonly #body: Buffer | null;
  /** `undefined`: not parsed yet. */
  #json: { readonly [key: string]: unknown } | null | undefined;

  constructor(
    request: RequestHeaders,
    body: Buffer | null,
    client: Client,
    config: Pick<GatewayConfig, "key" | "headers">,
  ) {
    this.#body = body;
    this.conversationId = headerText(request, config.headers.conversation) ?? conversationOf(this.#parsed);
    if (config.key === "conversation") this.key = this.conversationId;
    else if (config.key === "tenant") this.key = text(client.tenantId);
    else this.key = headerText(request, config.headers.user) ?? userOf(this.#parsed);
  }

  get model(): string | null {
    return text(this.#parsed?.model);
  }

  get #parsed(): { readonly [key: string]: unknown } | null {
    if (this.#json === undefined) this.#json = this.#body === null ? null : jsonObject(this.#body);
    return this.#json;
  }
}

/** A header that was sent once; one that was sent twice counts as none, since routers would pick different values. */
export function headerText({ headers, rawHeaders }: RequestHeaders, name: string): string | null {
  const value = headers[name];
  if (typeof value !== "string" || value === "") return null;
  if (value.includes(",") && timesSent(rawHeaders, name) > 1) return null;
  return NOT_ASCII.test(value) ? decoded(value) : value;
}

const NOT_ASCII = /[\x80-\xff]/;

/** Node gives each byte as a character. What is no UTF-8 stays Latin-1. */
function decoded(value: string): string {
  const bytes = Buffer.from(value, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : value;
}

/** Node joins what was sent several times by commas, which may also stand in one value. */
function timesSent(rawHeaders: readonly string[], name: string): number {
  return rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === name).length;
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
