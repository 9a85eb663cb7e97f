import type { ModelOperation } from "../../core/live-event.js";

/** Shape of requests and answers. */
export type Wire = "chat" | "completions" | "responses" | "embeddings" | "messages" | "models";

/** What was asked for, in the words of OpenTelemetry; `null`: nothing of a model. */
export const OPERATIONS: { readonly [Asked in Wire]: ModelOperation | null } = {
  chat: "chat",
  completions: "text_completion",
  responses: "chat",
  embeddings: "embeddings",
  messages: "chat",
  models: null,
};

const POSTS: ReadonlyMap<string, Wire> = new Map([
  ["/v1/chat/completions", "chat"],
  ["/v1/completions", "completions"],
  ["/v1/responses", "responses"],
  ["/v1/embeddings", "embeddings"],
  ["/v1/messages", "messages"],
]);

/** @returns `null` for what the gateway does not pass on */
export function wireOf(method: string, path: string): Wire | null {
  if (method === "POST") return POSTS.get(path) ?? null;
  if (method === "GET" && (path === "/v1/models" || path.startsWith("/v1/models/"))) return "models";
  return null;
}

/** The path of a request's URL, without its query. */
export function pathOf(url: string): string {
  const end = url.indexOf("?");
  return end === -1 ? url : url.slice(0, end);
}
