import type { ScriptRule } from "../../config/script-schema.js";
import { canonicalJson } from "../../core/hash.js";
import type { Message } from "../../core/message.js";
import type { ModelRequest } from "../model.js";
import type { MatchedGroups } from "./fill-placeholders.js";

/** Whether a rule holds for a request, and the groups of its pattern: those of the first pattern that it states. */
export type RuleMatcher = (request: ModelRequest) => { readonly groups: MatchedGroups } | null;

/** Prepares the conditions of a rule; a rule without any always holds. */
export function ruleMatcher(when: ScriptRule["when"] = {}): RuleMatcher {
  const caseId = when.case === undefined ? null : globPattern(when.case);
  const patterns = (
    [
      [when.last_matches, (messages) => textOf(messages.slice(-1))],
      [when.context_matches, textOf],
      [when.system_matches, (messages) => textOf(messages.filter(({ role }: Message) => role === "system"))],
    ] satisfies [string | undefined, (messages: readonly Message[]) => string][]
  ).flatMap(([source, read]) => (source === undefined ? [] : [{ pattern: new RegExp(source, "isu"), read }]));
  const holds = ({ position, messages, tools, responseSchema }: ModelRequest) =>
    (caseId === null || caseId.test(position.caseId)) &&
    (when.trial === undefined || when.trial === position.trial) &&
    (when.speaker === undefined || when.speaker === position.speaker) &&
    (when.turn === undefined || when.turn === position.turn) &&
    (when.last_role === undefined || when.last_role === messages.at(-1)?.role) &&
    (when.tool === undefined || tools.some(({ name }) => name === when.tool)) &&
    (when.wants_schema === undefined || when.wants_schema === (responseSchema !== undefined));

  return (request) => {
    if (!holds(request)) return null;
    let groups: MatchedGroups = null;
    for (const { pattern, read } of patterns) {
      const match = pattern.exec(read(request.messages));
      if (match === null) return null;
      groups ??= match;
    }
    return { groups };
  };
}

function globPattern(glob: string): RegExp {
  const parts = glob.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "su");
}

/** What the messages say, one after the other; tool calls as `name{"argument":"value"}`. */
function textOf(messages: readonly Message[]): string {
  return messages
    .map((message) => {
      const calls = message.role === "assistant" ? (message.toolCalls ?? []) : [];
      const called = calls.map((call) => `${call.name}${canonicalJson(call.arguments)}`);
      return [message.content ?? "", ...called].filter((part) => part !== "").join("\n");
    })
    .join("\n");
}
