import { z } from "zod";
import {
  type RecordingContext,
  SimulationTurns,
  type TauSimulation,
  type TauTask,
  toolCallOf,
} from "./tau-simulation.js";

const toolCallSchema = z.looseObject({
  id: z.string(),
  function: z.looseObject({ name: z.string(), arguments: z.unknown().optional() }),
});
const messageSchema = z.discriminatedUnion("role", [
  z.looseObject({ role: z.literal("system") }),
  z.looseObject({ role: z.literal("user"), content: z.string().nullish() }),
  z.looseObject({
    role: z.literal("assistant"),
    content: z.string().nullish(),
    tool_calls: z.array(toolCallSchema).nullish(),
  }),
  z.looseObject({
    role: z.literal("tool"),
    tool_call_id: z.string(),
    name: z.string().nullish(),
    content: z.string().nullish(),
  }),
]);
const messagesSchema = z.array(messageSchema).nullish();

const taskSchema = z.looseObject({
  instruction: z.string(),
  actions: z
    .array(z.looseObject({ name: z.string(), kwargs: z.record(z.string(), z.json()) }))
    .nullish()
    .catch(null),
  outputs: z.array(z.string()).nullish().catch(null),
});

/** One result of tau-bench, flat (`error`, `messages`) or as its runner writes it (`info.error`, `traj`). */
export const tauBenchSchema = z.looseObject({
  task_id: z.union([z.number().int(), z.string().min(1)]),
  trial: z.number().int().min(0).default(0),
  reward: z.number().min(0).max(1).nullish(),
  error: z.unknown().optional(),
  info: z.looseObject({ error: z.unknown().optional(), task: taskSchema.nullish().catch(null) }).nullish(),
  messages: messagesSchema,
  traj: messagesSchema,
});

type TauBenchResult = z.infer<typeof tauBenchSchema>;

/**
 * A tau-bench result as a recorded simulation. tau-bench takes the first tool call of a message and drops
 * the others, so they are dropped here. A crashed simulation keeps its turns and has no reward, although
 * tau-bench writes 0.
 */
export function tauBenchSimulation(result: TauBenchResult, context: RecordingContext): TauSimulation {
  const caseId = `${context.domain}-${result.task_id}`;
  const turns = new SimulationTurns(caseId, result.trial, context);
  for (const message of result.messages ?? result.traj ?? []) {
    if (message.role === "user") turns.add("user", { text: message.content ?? null });
    else if (message.role === "assistant") {
      const calls = (message.tool_calls ?? []).slice(0, 1);
      const toolCalls = calls.map((call) => toolCallOf(call.id, call.function.name, call.function.arguments));
      turns.add("agent", { text: message.content ?? null, toolCalls });
    } else if (message.role === "tool") {
      turns.addToolResult(message.tool_call_id, {
        name: message.name ?? null,
        content: message.content ?? null,
      });
    }
  }
  const crash = crashOf(result.error ?? result.info?.error, turns.turns.length);
  return {
    shape: "tau-bench",
    domain: context.domain,
    caseId,
    task: taskOf(result.info?.task ?? null) ?? context.tasks.get(String(result.task_id)) ?? null,
    startedAt: null,
    trial: result.trial,
    recordedTrial: result.trial,
    turns: turns.turns,
    reward: crash === null ? (result.reward ?? null) : null,
    crash,
    toolResults: turns.toolResults,
    durationMs: null,
    terminationReason: null,
    rewardBreakdown: {},
    stateMatches: null,
    actionChecks: null,
  };
}

function taskOf(task: z.infer<typeof taskSchema> | null): TauTask | null {
  if (task === null) return null;
  return {
    text: task.instruction,
    actions: task.actions?.map(({ name, kwargs }) => ({ name, args: kwargs })) ?? null,
    outputs: task.outputs ?? [],
  };
}

function crashOf(error: unknown, turnCount: number): string | null {
  if (error !== undefined && error !== null && error !== false) {
    const text = typeof error === "string" ? error : JSON.stringify(error);
    return text.trim() === "" ? "unknown failure" : text;
  }
  return turnCount === 0 ? "the recording has no messages" : null;
}
