import { AgentctlError } from "../../core/errors.js";
import type { AgentEvent } from "../../core/events.js";
import { contentHash } from "../../core/hash.js";
import type { Identity } from "../../core/identity.js";
import type { StopReason, Trial } from "../../core/trial.js";
import { Conversation } from "../conversation.js";
import { EventRecorder } from "../event-recorder.js";
import { TrialBudget } from "../trial-budget.js";
import { closeCutTurn } from "./close-cut-turn.js";
import type { SessionHost, TurnWatcher } from "./session.js";
import type { QueuedMessage, StoredLog } from "./session-store.js";

/** What became of one message of the user. */
export interface FinishedTurn {
  /** What was said to the user, in order; empty when a limit ended the turn without an answer. */
  readonly replies: readonly string[];
  /** `error` when it failed: the turn is open then, and the next `send` or `resume` goes on with it. */
  readonly stop: StopReason;
  readonly error: Trial["error"];
  readonly events: readonly AgentEvent[];
}

export interface TurnScene {
  readonly host: SessionHost;
  readonly id: string;
  readonly identity: Identity;
  readonly log: StoredLog;
  readonly watcher: TurnWatcher;
}

/** Takes up a queued message, or, for `null`, goes on with the turn that is open. */
export async function runTurn(scene: TurnScene, message: QueuedMessage | null): Promise<FinishedTurn> {
  const { log } = scene;
  const { conversation, recorder, budget } = conversationOf(scene, message === null);
  let stop: StopReason;
  let error: Trial["error"] = null;
  let unheard: readonly string[] = [];
  try {
    if (message === null) {
      const resumed = await conversation.resume();
      // A crash came between the answer and whoever would have heard it.
      if (resumed === null) unheard = lastAnswer(log);
      stop = resumed ?? "answered";
    } else {
      log.take(message);
      stop = await conversation.receive(message.text);
    }
    log.closeTurn();
  } catch (cause) {
    const limit = budget.interruption();
    if (limit !== null) {
      stop = limit;
      if (limit !== "aborted")
        closeCutTurn(log, "Error: it is not known whether this was done: time was up.");
    } else {
      if (!(cause instanceof AgentctlError)) throw cause;
      stop = "error";
      error = { code: cause.code, message: cause.message, isRetryable: cause.isRetryable };
      recorder.emit("error", error);
    }
  } finally {
    budget.close();
  }
  const replies = recorder.events.flatMap((event) =>
    event.event_type === "response_sent" ? [event.payload.text] : [],
  );
  return { replies: [...unheard, ...replies], stop, error, events: recorder.events };
}

function lastAnswer({ messages }: StoredLog): readonly string[] {
  const last = messages.at(-1);
  return last?.role === "assistant" && last.content !== null ? [last.content] : [];
}

/** Ends the conversation for the parts of the agent. */
export async function endConversation(scene: TurnScene, stop: StopReason): Promise<void> {
  const { conversation, budget } = conversationOf(scene, true);
  try {
    await conversation.end(stop);
  } finally {
    budget.close();
  }
}

function conversationOf({ host, id, identity, log, watcher }: TurnScene, isOpen: boolean) {
  const { agent, clock } = host;
  // The version differs from turn to turn, and from a turn to its resumption.
  const traceId = contentHash([id, log.version]).slice(0, 32);
  const recorder = new EventRecorder(
    { traceId, conversationId: id, tenantId: identity.tenantId },
    clock,
    watcher.onEvent,
  );
  const said = log.messages.filter(({ role }) => role === "user").length;
  recorder.turn = isOpen ? Math.max(0, said - 1) : said;
  const budget = new TrialBudget(agent.limits, clock, host.signal);
  const conversation = new Conversation({
    agent,
    tools: host.tools,
    session: host.environment,
    policy: host.policy,
    identity,
    conversationId: id,
    traceId,
    position: { caseId: id, trial: 0 },
    recorder,
    budget,
    log,
    clock,
    ...(watcher.onText === undefined ? {} : { onText: watcher.onText }),
  });
  return { conversation, recorder, budget };
}
