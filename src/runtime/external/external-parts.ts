import { ProviderError } from "../../core/errors.js";
import type { Model } from "../../models/model.js";
import { secretRedactor } from "../../models/secret-redactor.js";
import type { ConversationLog } from "../conversation-log.js";
import type { ConversationContext, ConversationPart } from "../conversation-part.js";
import type { ReplyAccount } from "../model-caller.js";
import type { Strategy } from "../strategies/strategy.js";
import { type ActedCall, type Turn, TurnStopped } from "../turn.js";
import { exchange } from "./exchange.js";
import type { ExternalAgent, ExternalConversation, ExternalReply, ToolResult } from "./external-agent.js";
import { ExternalSessions } from "./external-sessions.js";
import { reportSteps } from "./report-steps.js";
import { exchangesAsCalls, namedCalls } from "./turn-calls.js";

/** Note of a log: what the agent's session wants to find again after a crash. */
const NOTE = "external.session";

export interface ExternalSettings {
  /** Provider of the agent's exchanges in the trace, such as `http`. */
  readonly kind: string;
  readonly name: string;
  /** Tools of its own that it reports and that change nothing. */
  readonly readOnlyTools: readonly string[];
  /** Longer results of reported tools are cut. */
  readonly toolResultMaxChars: number;
}

/** What an agent that is not built in brings to an `Agent`. */
export interface ExternalParts {
  /** Of the files that decide how it behaves; `null` where none are known. */
  readonly hash: string | null;
  readonly model: Model;
  readonly strategy: Strategy;
  /** Knows the conversations; without it the strategy cannot work. */
  readonly part: ConversationPart;
  /** Lets go of what a conversation holds open. */
  readonly endConversation: (conversationId: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Makes a strategy of an agent that is not built in: each turn is one exchange with it, and more where it asks for tools. */
export function externalParts(agent: ExternalAgent, settings: ExternalSettings): ExternalParts {
  const sessions = new ExternalSessions(agent);
  const contexts = new WeakMap<ConversationLog, ConversationContext>();
  const redactor = secretRedactor(agent.secrets);
  const readOnlyTools = new Set(settings.readOnlyTools);

  async function turnOf(turn: Turn, context: ConversationContext): Promise<ExternalReply> {
    const { session, next } = sessions.of(conversationOf(context));
    const account = (given: ReplyAccount) => context.host?.budget.addReply(given);
    const report = (reply: ExternalReply) =>
      reportSteps(reply, {
        emit: context.emit,
        reason: (step) => turn.reason(step),
        next,
        readOnlyTools,
        maxResultChars: settings.toolResultMaxChars,
        onCost: account,
        seesAllTools: context.tools.length > 0,
      });
    const { kind, name } = settings;
    const calls = agent.namesModelCalls
      ? namedCalls
      : exchangesAsCalls({
          model: { provider: kind, name },
          clock: context.clock,
          emit: context.emit,
          onReply: account,
          next,
        });
    const ask = (results: readonly ToolResult[]) =>
      exchange({ turn, session, kind, name, calls, redactor }, results);
    let { reply, modelReply } = await ask([]);
    report(reply);
    while (reply.calls.length > 0) {
      const acted = await turn.act(modelReply);
      ({ reply, modelReply } = await ask(acted.map(resultOf)));
      report(reply);
    }
    return reply;
  }

  return {
    hash: agent.hash,
    model: {
      provider: settings.kind,
      name: settings.name,
      complete: () =>
        Promise.reject(
          new ProviderError(
            "PROVIDER_REJECTED",
            `agent ${settings.name} of kind ${settings.kind} has no model of its own to ask`,
          ),
        ),
    },
    strategy: {
      name: settings.kind,
      async run(turn) {
        const context = contexts.get(turn.log);
        if (context === undefined) throw new TypeError("an external agent works only with its part");
        let reply: ExternalReply;
        try {
          reply = await turnOf(turn, context);
        } catch (error) {
          // What the session still has to say would be taken for the answer to something else.
          await sessions.drop(context.conversationId);
          throw error;
        }
        if (reply.isEscalated) throw new TurnStopped("escalated", reply.text);
        return turn.respond(reply.text ?? "");
      },
    },
    part: {
      name: "external",
      open(context) {
        contexts.set(context.log, context);
        return {};
      },
    },
    endConversation: (id) => sessions.end(id),
    close: () => sessions.close(),
  };
}

function conversationOf({
  conversationId,
  identity,
  tools,
  log,
  host,
}: ConversationContext): ExternalConversation {
  return {
    conversationId,
    caseId: host?.position.caseId ?? conversationId,
    trial: host?.position.trial ?? 0,
    identity,
    tools: tools.map(({ spec }) => spec),
    note: log.note(NOTE) ?? null,
    setNote: (value) => log.setNote(NOTE, value),
  };
}

function resultOf({ call, content, isError }: ActedCall): ToolResult {
  return { id: call.id, name: call.name, content, isError };
}
