import type { ExternalAgent, ExternalConversation, ExternalSession } from "./external-agent.js";

/**
 * The sessions of an agent, of which none outlives it.
 *
 * @param begin - makes the session of a conversation
 */
export function openSessions(
  begin: (conversation: ExternalConversation) => ExternalSession,
): Pick<ExternalAgent, "open" | "close"> {
  const open = new Set<ExternalSession>();
  return {
    open(conversation) {
      const session = begin(conversation);
      open.add(session);
      return {
        exchange: (said, options) => session.exchange(said, options),
        close: async () => {
          open.delete(session);
          await session.close();
        },
      };
    },
    close: async () => {
      await Promise.all([...open].map((session) => session.close()));
    },
  };
}
