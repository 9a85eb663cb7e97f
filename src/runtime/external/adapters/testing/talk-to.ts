import { ANONYMOUS } from "../../../../core/identity.js";
import type { Message } from "../../../../core/message.js";
import type { AgentContext, AgentFunction, AgentReply } from "../../module/agent-function.js";

/** Says things to an agent's function as a conversation would, one after the other. */
export function talkTo(run: AgentFunction) {
  const messages: Message[] = [];
  const pieces: string[] = [];
  const controller = new AbortController();
  const context: AgentContext = {
    signal: controller.signal,
    tools: [],
    callTool: () => Promise.reject(new Error("no tools here")),
    stream: (delta) => pieces.push(delta),
    report: () => {},
    env: {},
  };
  return {
    pieces,
    messages,
    async say(message: string): Promise<AgentReply> {
      messages.push({ role: "user", content: message });
      const place = { conversationId: "case-1/0", caseId: "case-1", trial: 0, identity: ANONYMOUS };
      const answer = await run({ message, messages: [...messages], ...place }, context);
      const reply = typeof answer === "string" ? { text: answer } : (answer as AgentReply);
      messages.push({ role: "assistant", content: reply.text ?? "" });
      return reply;
    },
  };
}
