import { isRecord } from "./table-kind.js";

/** What the user says in a prompt, without the instructions to the model. */
export interface PromptInput {
  /** As a golden set has it: a text or `{messages}`; `null` when the prompt is empty. */
  readonly input: unknown;
  /** System messages that belong to the agent and were left out. */
  readonly systemMessages: number;
}

/** The input of a prompt: a text, or chat messages. A prompt of system messages alone is all input. */
export function promptInput(prompt: unknown): PromptInput {
  if (typeof prompt === "string") return { input: prompt === "" ? null : prompt, systemMessages: 0 };
  if (!Array.isArray(prompt)) return { input: null, systemMessages: 0 };
  const all = prompt.filter(isRecord).map(({ role, content }) => ({
    role: String(role ?? ""),
    content: typeof content === "string" ? content : JSON.stringify(content ?? ""),
  }));
  const said = all.filter(({ role }) => role === "user" || role === "assistant");
  const systemMessages = all.length - said.length;
  const last = said.at(-1);
  if (last === undefined) {
    return { input: all.map(({ content }) => content).join("\n") || null, systemMessages: 0 };
  }
  if (said.length === 1 && last.role === "user") return { input: last.content || null, systemMessages };
  if (last.role === "user") return { input: { messages: said }, systemMessages };
  return { input: said.map(({ role, content }) => `${role}: ${content}`).join("\n"), systemMessages };
}

/** A reference answer of the texts that are acceptable; `null` without one. */
export function idealAnswer(ideal: unknown): string | null {
  const texts = (Array.isArray(ideal) ? ideal : [ideal])
    .filter((one) => one !== null && one !== undefined && one !== "")
    .map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
  return texts.length === 0 ? null : texts.join(" | ");
}
