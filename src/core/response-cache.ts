import type { ModelReply } from "./message.js";

/**
 * Replies that a provider gave before, by key. A key already names the provider, the model, the endpoint, the
 * whole request and its position (case, trial, turn): a cache never needs to look inside.
 *
 * Contract: `get` answers `undefined` for an unknown key, and after `set(key, reply)` a reply that is deep
 * equal to `reply`; a second `set` of a key replaces the first.
 */
export interface ResponseCache {
  get(key: string): ModelReply | undefined;
  set(key: string, reply: ModelReply): void;
}
