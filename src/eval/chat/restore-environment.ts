import type { Message } from "../../core/message.js";
import type { Environment, EnvironmentSession } from "../../environments/environment.js";

/** What the runtime itself answers for a call that it did not run. */
const NOT_RUN = /^(?:Error:|Not run:|not run:)/;

/**
 * Brings the world of an earlier process back: it lived there alone. Calls that reached the world are made again, in
 * order; environments are deterministic, so that the state comes out the same.
 *
 * @returns how many calls were made
 */
export function restoreEnvironment(
  environment: Environment,
  session: EnvironmentSession,
  messages: readonly Message[],
): number {
  const known = new Set(environment.tools.map(({ spec }) => spec.name));
  let made = 0;
  for (const [index, message] of messages.entries()) {
    if (message.role !== "assistant") continue;
    for (const call of message.toolCalls ?? []) {
      const result = messages
        .slice(index + 1)
        .find((one) => one.role === "tool" && one.toolCallId === call.id);
      if (!known.has(call.name) || result?.role !== "tool" || NOT_RUN.test(result.content)) continue;
      session.call(call.name, call.arguments);
      made += 1;
    }
  }
  return made;
}
