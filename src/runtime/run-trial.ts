import type { Clock } from "../core/clock.js";
import { AgentctlError, ProviderError } from "../core/errors.js";
import type { GoldenCase } from "../core/golden-case.js";
import { contentHash } from "../core/hash.js";
import type { EnvironmentCheck, StopReason, Trial } from "../core/trial.js";
import type { Environment, EnvironmentSession } from "../environments/environment.js";
import type { Model, ModelParameters } from "../models/model.js";
import type { Agent } from "./agent.js";
import { Conversation } from "./conversation.js";
import { type ConversationLog, memoryLog } from "./conversation-log.js";
import { EventRecorder } from "./event-recorder.js";
import { modelCaller, type ReplyAccount } from "./model-caller.js";
import { environmentTools } from "./tools/environment-tools.js";
import { TrialBudget } from "./trial-budget.js";
import { fixedLines, type User } from "./user/user.js";
import { userOfCase } from "./user/user-of-case.js";

export interface TrialRequest {
  readonly agent: Agent;
  readonly goldenCase: GoldenCase;
  /** 0-based. */
  readonly trial: number;
  /** Part of the conversation id, so that no side effect of another run passes for one of this. */
  readonly runId?: string;
  readonly seed: number;
  readonly environment: Environment | null;
  /** Plays the user of cases that have a goal and no script. */
  readonly userModel: { readonly model: Model; readonly parameters: ModelParameters } | null;
  /** Turns that an imported recording holds: the conversation ends where the recording does. */
  readonly recordedTurns: RecordedTurns | null;
}

/** Length of a recorded conversation, in turns of each speaker. */
export interface RecordedTurns {
  readonly agent: number;
  readonly user: number;
}

export interface TrialServices {
  readonly clock: Clock;
  /** Aborting ends the trial with `stopReason: "aborted"`. */
  readonly signal: AbortSignal;
}

/**
 * Runs one case once: the user speaks, the agent observes, thinks and acts until it answers, and so on until
 * the user leaves, the environment ends the conversation or a limit is reached.
 *
 * Never throws for what a provider or an agent can cause: infrastructure failures end as `status: "error"`.
 * The trace id depends on the inputs alone, so that the same run can be compared event by event.
 */
export async function runTrial(request: TrialRequest, services: TrialServices): Promise<Trial> {
  const { agent, goldenCase } = request;
  const { clock } = services;
  const { recordedTurns } = request;
  // A recording was made under limits of its own: it ends where it ended.
  const limits = recordedTurns === null ? agent.limits : { ...agent.limits, maxSteps: recordedTurns.agent };
  const traceId = contentHash([agent.version, goldenCase.hash, request.trial, request.seed]).slice(0, 32);
  const conversationId = [
    ...(request.runId === undefined ? [] : [request.runId]),
    goldenCase.id,
    request.trial,
  ].join("/");
  const recorder = new EventRecorder({ traceId, conversationId, tenantId: agent.identity.tenantId }, clock);
  const startedAt = clock.now();
  const budget = new TrialBudget(limits, clock, services.signal);
  const session = request.environment?.start() ?? null;

  let stopReason: StopReason;
  let error: Trial["error"] = null;
  let durationMs: number;
  try {
    stopReason = await converse(request, services, { conversationId, traceId, recorder, budget, session });
  } catch (cause) {
    const limit = budget.interruption();
    if (limit !== null) stopReason = limit;
    else {
      stopReason = "error";
      error = describeFailure(cause);
      recorder.emit("error", error);
    }
  } finally {
    budget.close();
    durationMs = budget.elapsedMs();
    await agent.endConversation?.(conversationId);
  }

  const completed = error === null && stopReason !== "aborted";
  return {
    caseId: goldenCase.id,
    trial: request.trial,
    status: completed ? "completed" : "error",
    stopReason,
    error:
      error ?? (completed ? null : { code: "ABORTED", message: "the trial was stopped", isRetryable: true }),
    traceId,
    startedAt: new Date(startedAt).toISOString(),
    durationMs,
    events: recorder.events,
    check: completed && session !== null ? checkSession(session, goldenCase, recorder, stopReason) : null,
  };
}

interface Scene {
  readonly conversationId: string;
  readonly traceId: string;
  readonly recorder: EventRecorder;
  readonly budget: TrialBudget;
  readonly session: EnvironmentSession | null;
}

async function converse(request: TrialRequest, services: TrialServices, scene: Scene): Promise<StopReason> {
  const { agent, goldenCase, environment } = request;
  const { recorder, budget, session } = scene;
  const position = { caseId: goldenCase.id, trial: request.trial };
  // The budget of a trial is the agent's: what the simulated user costs is not its doing.
  const user = userOf(
    request,
    {
      clock: services.clock,
      emit: recorder.emit,
      signal: budget.signal,
      onReply: (reply: ReplyAccount) => budget.addReply({ ...reply, costUsd: 0 }),
    },
    session,
  );
  const log = memoryLog(goldenCase.input.kind === "messages" ? goldenCase.input.messages.slice(0, -1) : []);
  const world = environment === null || session === null ? [] : environmentTools(environment, session);
  const conversation = new Conversation({
    agent,
    tools: [...world, ...agent.tools],
    session,
    policy: environment?.policy ?? "",
    identity: agent.identity,
    conversationId: scene.conversationId,
    traceId: scene.traceId,
    position,
    recorder,
    budget,
    log,
    clock: services.clock,
  });
  const stop = await talk(request, recorder, user, conversation, log);
  await conversation.end(stop);
  return stop;
}

async function talk(
  { recordedTurns, goldenCase }: TrialRequest,
  recorder: EventRecorder,
  user: User,
  conversation: Conversation,
  log: ConversationLog,
): Promise<StopReason> {
  for (;;) {
    if (recordedTurns !== null && recorder.turn >= recordedTurns.user) return "step_limit";
    const move = await user.next(
      log.messages.filter((message) => message.role === "user" || message.role === "assistant"),
    );
    if (move.kind === "leave") {
      if (recorder.turn === 0) throw userLeftAtOnce(goldenCase);
      return leaveReason(goldenCase);
    }
    const stop = await conversation.receive(move.text);
    if (stop !== "answered") return stop;
    recorder.turn += 1;
  }
}

/** Nothing can be said of an agent that was not asked anything. */
function userLeftAtOnce(goldenCase: GoldenCase): ProviderError {
  return new ProviderError(
    "PROVIDER_BAD_RESPONSE",
    `the user of case ${goldenCase.id} left before saying anything`,
    {
      isRetryable: true,
      nextStep: "check the goal of the case and the model that plays the user",
    },
  );
}

/** A user with fixed words has simply nothing more to say: the last reply is the answer. */
function leaveReason(goldenCase: GoldenCase): StopReason {
  return fixedLines(goldenCase.input) === null ? "user_stop" : "answered";
}

function userOf(
  { goldenCase, trial, userModel, environment, recordedTurns }: TrialRequest,
  common: Pick<Parameters<typeof modelCaller>[0], "clock" | "emit" | "signal" | "onReply">,
  session: EnvironmentSession | null,
): User {
  const call =
    userModel === null
      ? null
      : modelCaller({
          ...common,
          model: userModel.model,
          parameters: userModel.parameters,
          position: { caseId: goldenCase.id, trial, speaker: "user" },
        });
  return userOfCase({
    goldenCase,
    call,
    emit: common.emit,
    environment,
    session,
    isRecorded: recordedTurns !== null,
  });
}

const UNFINISHED: readonly StopReason[] = ["step_limit", "deadline", "budget", "tool_loop"];

/** A conversation that a limit cut off earns no reward, whatever state it reached (as in tau-bench). */
function checkSession(
  session: EnvironmentSession,
  goldenCase: GoldenCase,
  recorder: EventRecorder,
  stopReason: StopReason,
): EnvironmentCheck {
  const { state, outputs } = goldenCase.expect;
  const replies = recorder.events.flatMap((event) =>
    event.event_type === "response_sent" ? [event.payload.text] : [],
  );
  const check = session.check({ actions: state?.actions ?? null, outputs }, replies);
  return UNFINISHED.includes(stopReason) ? { ...check, reward: 0 } : check;
}

function describeFailure(cause: unknown): NonNullable<Trial["error"]> {
  if (cause instanceof AgentctlError) {
    return { code: cause.code, message: cause.message, isRetryable: cause.isRetryable };
  }
  throw cause;
}
