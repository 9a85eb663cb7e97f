import type { CapturedMessage } from "../../core/captured-exchange.js";
import type { Wire } from "../proxy/api-routes.js";
import { isObject } from "../proxy/request-facts.js";
import { SseEvents } from "../proxy/sse-events.js";
import { answerOf, argumentsOf, choiceOf } from "./read-messages.js";

type Body = { readonly [key: string]: unknown };

/** The answer in the pieces of a stream, whole or cut; `null` when no text and no call came. */
export function streamedAnswer(wire: Wire, bytes: Buffer): CapturedMessage | null {
  const draft = new AnswerDraft(wire);
  const events = new SseEvents((data) => draft.add(data));
  events.push(bytes);
  return draft.answer();
}

class AnswerDraft {
  readonly #wire: Wire;
  #text = "";
  /** By the index or id that the stream gives to a call. */
  readonly #calls = new Map<string, { name: string; arguments: string }>();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** @param data - as Latin-1, see {@link SseEvents} */
  add(data: string): void {
    const event = objectOf(Buffer.from(data, "latin1").toString("utf8"));
    if (event === null) return;
    if (this.#wire === "chat" || this.#wire === "completions") this.#addChoice(choiceOf(event));
    if (this.#wire === "messages") this.#addBlock(event);
    if (this.#wire === "responses") this.#addItem(event);
  }

  answer(): CapturedMessage | null {
    const calls = [...this.#calls.values()].map((call) => ({
      name: call.name,
      arguments: argumentsOf(call.arguments === "" ? "{}" : call.arguments),
    }));
    return answerOf(this.#text, calls);
  }

  #addChoice(choice: Body | null): void {
    if (choice === null) return;
    if (typeof choice.text === "string") this.#text += choice.text;
    const delta = isObject(choice.delta) ? choice.delta : {};
    if (typeof delta.content === "string") this.#text += delta.content;
    for (const call of Array.isArray(delta.tool_calls) ? delta.tool_calls : []) {
      if (!isObject(call) || !isObject(call.function)) continue;
      this.#addCall(String(call.index ?? 0), call.function.name, call.function.arguments);
    }
  }

  #addBlock(event: Body): void {
    const key = String(event.index ?? 0);
    const block = isObject(event.content_block) ? event.content_block : null;
    if (block?.type === "tool_use") this.#addCall(key, block.name, "");
    const delta = isObject(event.delta) ? event.delta : {};
    if (typeof delta.text === "string") this.#text += delta.text;
    if (typeof delta.partial_json === "string") this.#addCall(key, "", delta.partial_json);
  }

  #addItem(event: Body): void {
    if (event.type === "response.output_text.delta" && typeof event.delta === "string") {
      this.#text += event.delta;
    }
    const item = isObject(event.item) ? event.item : null;
    if (event.type !== "response.output_item.done" || item?.type !== "function_call") return;
    this.#addCall(String(event.output_index ?? 0), item.name, item.arguments);
  }

  #addCall(key: string, name: unknown, piece: unknown): void {
    const call = this.#calls.get(key) ?? { name: "", arguments: "" };
    if (typeof name === "string" && call.name === "") call.name = name;
    if (typeof piece === "string") call.arguments += piece;
    this.#calls.set(key, call);
  }
}

function objectOf(text: string): Body | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
