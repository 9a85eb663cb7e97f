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
    timestamp: z.string().nullish(),
  }),
]);
const actionCheckSchema = z.looseObject({
  name: z.string(),
  arguments: z.record(z.string(), z.json()),
  match: z.boolean(),
});

/** One simulation of tau2-bench. */
export const tau2Schema = z.looseObject({
  task_id: z.union([z.number().int(), z.string().min(1)]),
  trial: z.number().int().min(0).nullish(),
  duration: z.number().min(0).nullish(),
  termination_reason: z.string().nullish(),
  reward: z.number().nullish(),
  reward_info: z.looseObject({ reward: z.number().nullish() }).nullish(),
  action_checks: z.array(actionCheckSchema).nullish(),
  messages: z.array(messageSchema).nullish(),
});

type Tau2Simulation = z.infer<typeof tau2Schema>;
type Tau2Message = z.infer<typeof messageSchema>;
type SpokenMessage = Extract<Tau2Message, { role: "user" | "assistant" }>;

/** Ends that the agent or the user brought about; every other one is a failure of the set-up. */
const ORDINARY_ENDS: readonly string[] = ["user_stop", "agent_stop", "max_steps"];

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
      if (message.requestor === "assistant") turns.addToolResult(message.id, null, message.content ?? null);
    } else if (message.role === "user" || (message.role === "assistant" && !isGreeting(message, index))) {
      turns.add(message.role === "user" ? "user" : "agent", spoken(message, messages[index - 1]));
    }
  }
  const crash = crashOf(simulation.termination_reason ?? null, turns.turns.length);
  return {
    caseId,
    trial,
    recordedTrial: trial,
    turns: turns.turns,
    reward: crash === null ? (simulation.reward ?? simulation.reward_info?.reward ?? null) : null,
    crash,
    toolResults: turns.toolResults,
    durationMs: typeof simulation.duration === "number" ? simulation.duration * 1000 : null,
    terminationReason: simulation.termination_reason ?? null,
    actionChecks:
      simulation.action_checks?.map((check) => ({
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
  const ended = microsecondTime(message.timestamp);
  const started = microsecondTime(before?.timestamp as string | null | undefined);
  const durationMs = ended === null || started === null || ended < started ? null : ended - started;
  const usage = message.usage ?? null;
  return {
    text: message.content ?? null,
    toolCalls: (message.tool_calls ?? []).map((call) => toolCallOf(call.id, call.name, call.arguments)),
    usage:
      usage === null ? null : { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens },
    // 0 is what tau2-bench writes for a model without a known price.
    costUsd: (message.cost ?? 0) > 0 ? (message.cost ?? null) : null,
    durationMs,
  };
}

/** Milliseconds with their microseconds, which Date drops; a time without a zone counts as UTC. */
function microsecondTime(timestamp: string | null | undefined): number | null {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(timestamp ?? "");
  if (parts === null) return null;
  const whole = Date.parse(`${parts[1]}T${parts[2]}${parts[4] ?? "Z"}`);
  return Number.isNaN(whole) ? null : whole + Number(`0${parts[3] ?? ""}`) * 1000;
}

function crashOf(reason: string | null, turnCount: number): string | null {
  if (reason === null && turnCount > 0) return null;
  if (reason !== null && !ORDINARY_ENDS.includes(reason)) return `the simulation ended by ${reason}`;
  return turnCount === 0 ? "the recording has no messages" : null;
}
