import { AgentctlError } from "../../core/errors.js";
import type { StopReason } from "../../core/trial.js";
import type { Agent } from "../agent.js";
import { Conversation } from "../conversation.js";
import type { ConversationLog } from "../conversation-log.js";
import type { ConversationContext, ConversationHost } from "../conversation-part.js";
import { turnOf } from "../marked-calls.js";
import type { Tool } from "../tools/tool.js";
import { withPolicies } from "../tools/tool-policy.js";
import { TrialBudget } from "../trial-budget.js";
import { TurnStopped } from "../turn.js";
import { boundedTool } from "./bounded-tool.js";
import { boundedParts } from "./bounds-part.js";
import { childIdentity } from "./child-identity.js";
import { type ChildNews, childRecorder } from "./child-recorder.js";
import { sharedPart } from "./shared-part.js";
import type { SharedState } from "./shared-state.js";
import type { SpecialistNotes } from "./specialist-notes.js";
import type { Specialist } from "./team.js";
import { READ_SHARED, sharedTools } from "./team-tools.js";

export interface ChildScene {
  readonly specialist: Specialist;
  readonly context: ConversationContext;
  readonly host: ConversationHost;
  /** The conversation with the specialist. */
  readonly log: ConversationLog;
  readonly notes: SpecialistNotes;
  /** `null` where the team shares nothing. */
  readonly shared: SharedState | null;
}

/** How one attempt ended. */
export type ChildEnd =
  | { readonly kind: "answered"; readonly text: string }
  | { readonly kind: "asks"; readonly text: string }
  | { readonly kind: "escalated"; readonly text: string }
  | { readonly kind: "failed"; readonly why: string; readonly mayRetry: boolean; readonly news: ChildNews };

/**
 * Lets a specialist work once: goes on with its open turn, or says something to it.
 *
 * @param message - said to it where no turn is open; `null`: its last word is the answer then
 * @throws {TurnStopped} when the supervisor's own conversation is over
 */
export async function runChild(
  scene: ChildScene,
  callId: string,
  message: string | null,
  agent: Agent = scene.specialist.agent,
): Promise<ChildEnd> {
  const { specialist, context, host, log, notes } = scene;
  const run = notes.state.runs;
  notes.set({ runs: run + 1 });
  const { recorder, news } = childRecorder({
    name: specialist.name,
    prefix: `${callId}/${specialist.name}-${run}`,
    emit: context.emit,
    clock: context.clock,
    onAsked: () => notes.set({ question: { text: "", turn: turnOf(context.log) } }),
  });
  const budget = new TrialBudget(agent.limits, context.clock, context.signal, host.budget);
  const conversation = new Conversation({
    agent: equipped(agent, scene),
    tools: childTools(scene, agent),
    session: specialist.hasWorld ? host.session : null,
    policy: specialist.hasWorld ? host.policy : "",
    identity: childIdentity(context.identity, specialist),
    conversationId: `${context.conversationId}/${specialist.name}`,
    traceId: context.traceId,
    position: { ...host.position, caseId: `${host.position.caseId}/${specialist.name}-${run}` },
    recorder,
    budget,
    log,
    clock: context.clock,
  });
  let stop: StopReason;
  try {
    const resumed = await conversation.resume();
    stop = resumed ?? (message === null ? "answered" : await conversation.receive(message));
    await conversation.end(stop);
  } catch (error) {
    stopWithSupervisor(host);
    const own = budget.interruption();
    if (own === null && !(error instanceof AgentctlError)) throw error;
    await conversation.end(own ?? "error");
    return failed(own ?? codeOf(error), scene, news);
  } finally {
    budget.close();
  }
  return endOf(stop, scene, news);
}

function endOf(stop: StopReason, scene: ChildScene, news: ChildNews): ChildEnd {
  const { log, host, notes, context } = scene;
  const text = news.said ?? lastWords(log);
  if (stop === "answered") {
    return notes.state.question?.turn === turnOf(context.log)
      ? { kind: "asks", text }
      : { kind: "answered", text };
  }
  if (stop === "escalated") return { kind: "escalated", text };
  stopWithSupervisor(host);
  if (stop === "environment_done") throw new TurnStopped(stop);
  return failed(stop, scene, news);
}

/** An abort, or the deadline of the whole conversation, is not the specialist's failure. */
function stopWithSupervisor({ budget }: ConversationHost): void {
  const interruption = budget.interruption();
  if (interruption !== null) throw new TurnStopped(interruption);
}

/** An attempt can be made again while its turn is open and the supervisor may still spend something. */
function failed(why: string, { log, host }: ChildScene, news: ChildNews): ChildEnd {
  const last = log.messages.at(-1);
  const isClosed = last?.role === "assistant" && (last.toolCalls ?? []).length === 0;
  return { kind: "failed", why, mayRetry: !isClosed && host.budget.exhausted() === null, news };
}

function codeOf(error: unknown): string {
  return error instanceof AgentctlError ? error.code : "error";
}

function lastWords({ messages }: ConversationLog): string {
  return messages.findLast(({ role }) => role === "assistant")?.content ?? "";
}

/** The tools of a specialist: those of the world where it acts in it, its own, and the board. */
export function childTools(
  { specialist, host, shared }: ChildScene,
  { tools, toolPolicies }: Agent,
): readonly Tool[] {
  const own = [...(specialist.hasWorld ? host.worldTools : []), ...tools];
  const board = shared === null || hasBoard(tools) ? [] : sharedTools();
  const outer = new Map(host.worldTools.map((tool) => [tool.spec.name, tool]));
  return withPolicies([...own, ...board], toolPolicies).map((tool) => {
    const bounding = tool.source === "environment" ? outer.get(tool.spec.name) : undefined;
    return bounding === undefined || bounding === tool ? tool : boundedTool(tool, bounding);
  });
}

/** A specialist with a team of its own has the board of that team. */
function hasBoard(tools: readonly Tool[]): boolean {
  return tools.some(({ spec }) => spec.name === READ_SHARED);
}

function equipped(agent: Agent, { specialist, host, shared }: ChildScene): Agent {
  const board = shared === null || hasBoard(agent.tools) ? [] : sharedTools();
  // The policies of its file are on its tools already, within those of the supervisor's.
  const { toolPolicies: _, ...bounded } = agent;
  return {
    ...bounded,
    toolNames: agent.toolNames === null ? null : [...agent.toolNames, ...board.map(({ spec }) => spec.name)],
    parts: [
      ...boundedParts(agent.parts, host.worldTools),
      ...(shared === null || board.length === 0 ? [] : [sharedPart(shared, specialist.name)]),
    ],
  };
}
