import { z } from "zod";
import { type RecordingContext, SimulationTurns, type TauSimulation, toolCallOf } from "./tau-simulation.js";

const spokenSchema = {
  content: z.string().nullish(),
  tool_calls: z
    .array(
      z.looseObject({
        id: z.string(),
        name: z.string(),
        arguments: z.unknown().optional(),
      }),
    )
    .nullish(),
  timestamp: z.string().nullish(),
  cost: z.number().min(0).nullish(),
  usage: z.looseObject({ prompt_tokens: z.number().min(0), completion_tokens: z.number().min(0) }).nullish(),
};
const messageSchema = z.discriminatedUnion("role", [
  z.looseObject({ role: z.literal("system"), timestamp: z.string().nullish() }),
  z.looseObject({ role: z.literal("user"), ...spokenSchema }),
  z.looseObject({ role: z.literal("assistant"), ...spokenSchema }),
  z.looseObject({
    role: z.literal("tool"),
    id: z.string(),
    content: z.string().nullish(),
    requestor: z.enum(["assistant", "user"]).default("assistant"),
    error: z.boolean().nullish(),
    timestamp: z.string().nullish(),
  }),
]);
const actionSchema = z.looseObject({ name: z.string(), arguments: z.record(z.string(), z.json()) });
/** Flat, or as tau2-bench writes it: the action apart from the verdict. */
const actionCheckSchema = z.union([
  actionSchema.extend({ match: z.boolean() }),
  z
    .looseObject({ action: actionSchema, action_match: z.boolean() })
    .transform(({ action, action_match }) => ({ ...action, match: action_match })),
]);
const checksSchema = {
  reward_breakdown: z.record(z.string(), z.number()).nullish(),
  action_checks: z.array(actionCheckSchema).nullish(),
};

/** One simulation of tau2-bench. */
export const tau2Schema = z.looseObject({
  task_id: z.union([z.number().int(), z.string().min(1)]),
  trial: z.number().int().min(0).nullish(),
  start_time: z.string().nullish(),
  duration: z.number().min(0).nullish(),
  termination_reason: z.string().nullish(),
  reward: z.number().nullish(),
  reward_info: z
    .looseObject({
      reward: z.number().nullish(),
      db_check: z.looseObject({ db_match: z.boolean().nullish() }).nullish(),
      ...checksSchema,
    })
    .nullish(),
  db_match: z.boolean().nullish(),
  ...checksSchema,
  messages: z.array(messageSchema).nullish(),
});

type Tau2Simulation = z.infer<typeof tau2Schema>;
type Tau2Message = z.infer<typeof messageSchema>;
type SpokenMessage = Extract<Tau2Message, { role: "user" | "assistant" }>;

/**
 * Ends that say something of the agent: it finished, or it ran into a limit, which tau2-bench rewards with 0. Every
 * other one (`infrastructure_error`, `unexpected_error`, a failure of the simulated user, one that we do not know) is
 * a failure of the set-up.
 */
function isEndOfTheAgent(reason: string): boolean {
  return reason === "user_stop" || reason === "agent_stop" || CUT_SHORT_ENDS.has(reason);
}

/** Limits and faults after which tau2-bench gives no reward, whatever the state. */
export const CUT_SHORT_ENDS: ReadonlySet<string> = new Set([
  "max_steps",
  "too_many_errors",
  "agent_error",
  "timeout",
  "context_window_exceeded",
]);

/**
 * A tau2-bench simulation as a recorded one. The greeting that opens a conversation comes from tau2-bench
 * itself, not from a model, so it is no turn. A turn took as long as its message came after the one before.
 */
export function tau2Simulation(simulation: Tau2Simulation, context: RecordingContext): TauSimulation {
  const caseId = `${context.domain}-${simulation.task_id}`;
  const trial = simulation.trial ?? 0;
  const turns = new SimulationTurns(caseId, trial, context);
  const messages = simulation.messages ?? [];
  for (const [index, message] of messages.entries()) {
    if (message.role === "tool") {
      if (message.requestor === "assistant") {
        turns.addToolResult(message.id, {
          name: null,
          content: message.content ?? null,
          isError: message.error ?? null,
          durationMs: timeBetween(messages[index - 1], message),
        });
      }
    } else if (message.role === "user" || (message.role === "assistant" && !isGreeting(message, index))) {
      turns.add(message.role === "user" ? "user" : "agent", spoken(message, messages[index - 1]));
    }
  }
  const crash = crashOf(simulation.termination_reason ?? null, turns.turns.length);
  const { reward_info: info } = simulation;
  const started = microseconds(simulation.start_time);
  const unrewarded = CUT_SHORT_ENDS.has(simulation.termination_reason ?? "") ? 0 : null;
  return {
    shape: "tau2-bench",
    domain: context.domain,
    caseId,
    task: context.tasks.get(String(simulation.task_id)) ?? null,
    startedAt: started === null ? null : new Date(started / 1000).toISOString(),
    trial,
    recordedTrial: trial,
    turns: turns.turns,
    reward: crash === null ? (simulation.reward ?? info?.reward ?? unrewarded) : null,
    crash,
    toolResults: turns.toolResults,
    durationMs: typeof simulation.duration === "number" ? simulation.duration * 1000 : null,
    terminationReason: simulation.termination_reason ?? null,
    rewardBreakdown: simulation.reward_breakdown ?? info?.reward_breakdown ?? {},
    stateMatches: simulation.db_match ?? info?.db_check?.db_match ?? null,
    actionChecks:
      (simulation.action_checks ?? info?.action_checks)?.map((check) => ({
        name: check.name,
        arguments: check.arguments,
        isMatched: check.match,
      })) ?? null,
  };
}

function isGreeting(message: SpokenMessage, index: number): boolean {
  return index === 0 && (message.usage ?? null) === null && (message.tool_calls ?? []).length === 0;
}

function spoken(message: SpokenMessage, before: Tau2Message | undefined) {
  const usage = message.usage ?? null;
  return {
    text: message.content ?? null,
    toolCalls: (message.tool_calls ?? []).map((call) => toolCallOf(call.id, call.name, call.arguments)),
    usage:
      usage === null ? null : { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens },
    // 0 is what tau2-bench writes for a model without a known price.
    costUsd: (message.cost ?? 0) > 0 ? (message.cost ?? null) : null,
    durationMs: timeBetween(before, message),
  };
}

/** `null` without both times, or when they run backwards. */
function timeBetween(before: Tau2Message | undefined, message: Tau2Message): number | null {
  const ended = microseconds(message.timestamp);
  const started = microseconds(before?.timestamp);
  return ended === null || started === null || ended < started ? null : (ended - started) / 1000;
}

/** Whole microseconds since the epoch, which Date drops and doubles still hold; without a zone it counts as UTC. */
function microseconds(timestamp: string | null | undefined): number | null {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(timestamp ?? "");
  if (parts === null) return null;
  const whole = Date.parse(`${parts[1]}T${parts[2]}${parts[4] ?? "Z"}`);
  return Number.isNaN(whole) ? null : whole * 1000 + Math.round(Number(`0${parts[3] ?? ""}`) * 1e6);
}

function crashOf(reason: string | null, turnCount: number): string | null {
  if (reason === null && turnCount > 0) return null;
  if (reason !== null && !isEndOfTheAgent(reason)) return `the simulation ended by ${reason}`;
  return turnCount === 0 ? "the recording has no messages" : null;
}
