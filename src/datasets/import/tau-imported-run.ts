import { type CaseInput, NOTHING_EXPECTED } from "../../core/golden-case.js";
import { GOAL_NOT_GIVEN, USER_STOP_MARK } from "../../core/recording.js";
import type { StopReason } from "../../core/trial.js";
import type { CaseContent } from "../case-hash.js";
import type { ImportedRun, ImportedStep, ImportedTrial } from "./imported-run.js";
import { tauScoreFacts, tauScores } from "./tau-scores.js";
import type { TauSimulation, TauTask } from "./tau-simulation.js";

/** The tool that ends a conversation in both tau-bench domains. */
const HAND_OVER = /^transfer_to_human/;

/** Ends that a recording names. The limits and faults by which tau2-bench cuts a conversation off are step limits. */
const STOP_REASONS: Readonly<Record<string, StopReason>> = {
  user_stop: "user_stop",
  agent_stop: "answered",
  timeout: "deadline",
  context_window_exceeded: "budget",
  max_steps: "step_limit",
  too_many_errors: "step_limit",
  agent_error: "step_limit",
};

/** `retail-9` before `retail-10`, in every locale of the machine. */
const byNumber = new Intl.Collator("en", { numeric: true });

/** Metrics beside the default ones that tau2-bench has the measurements for. */
const TAU2_METRICS: readonly string[] = [
  "latency.p90_ms",
  "latency.mean_ms",
  "latency.turn_p50_ms",
  "latency.turn_p90_ms",
  "latency.turn_p95_ms",
  "latency.turn_p99_ms",
  "latency.turn_mean_ms",
  "timeout_rate",
  "tokens.*",
  "cost.*",
  "calls.*",
  "tau2.actions_matched",
];

/**
 * Recorded simulations of either program as results of another tool.
 *
 * @param metrics - names or patterns of metrics to add to those that every such run has
 */
export function tauImportedRun(
  simulations: readonly TauSimulation[],
  metrics: readonly string[] = [],
): ImportedRun {
  const cases = new Map<string, CaseContent>();
  for (const simulation of simulations) {
    if (!cases.has(simulation.caseId)) cases.set(simulation.caseId, caseOf(simulation));
  }
  const isTau2 = simulations.some(({ shape }) => shape === "tau2-bench");
  return {
    // Two files of the same tasks in another order are the same dataset.
    cases: [...cases.values()].sort((a, b) => byNumber.compare(a.id, b.id)),
    trials: simulations.map(trialOf),
    agentName: null,
    model: modelOf(simulations, "agent"),
    userModel: modelOf(simulations, "user"),
    metrics: [...(isTau2 ? TAU2_METRICS : []), ...metrics],
    scoreFacts: tauScoreFacts(simulations),
    notes: notesOf(simulations),
  };
}

/**
 * Without its task a case has a name alone: what the simulated user said first differs from run to run, so as a case it
 * would make two runs of one task look like runs of different cases.
 */
function caseOf({ caseId, domain, task }: TauSimulation): CaseContent {
  const goal = task?.text ?? `${domain} task ${caseId.slice(domain.length + 1)} ${GOAL_NOT_GIVEN}`;
  const input: CaseInput = { kind: "user", goal, script: null };
  return {
    id: caseId,
    input,
    expect: task === null ? NOTHING_EXPECTED : expectationOf(task),
    environment: null,
    risk: null,
    tags: ["imported"],
    group: caseId,
    split: "dev",
    review: null,
  };
}

/** Outputs alone would let a trial pass without its state being known. */
function expectationOf({ actions, outputs }: TauTask): CaseContent["expect"] {
  return actions === null ? NOTHING_EXPECTED : { ...NOTHING_EXPECTED, state: { actions }, outputs };
}

function modelOf(simulations: readonly TauSimulation[], speaker: "agent" | "user"): string | null {
  for (const { turns } of simulations) {
    const turn = turns.find((one) => one.speaker === speaker);
    if (turn !== undefined) return turn.reply.model === "unrecorded" ? null : turn.reply.model;
  }
  return null;
}

function trialOf(simulation: TauSimulation): ImportedTrial {
  const { caseId, trial, crash, reward, startedAt, durationMs, stateMatches } = simulation;
  return {
    caseId,
    trial,
    error: crash === null ? null : { code: "RECORDING_CRASHED", message: crash },
    stopReason: stopReasonOf(simulation),
    startedAt,
    durationMs,
    steps: stepsOf(simulation),
    reward: reward === null ? null : reward >= 1 ? 1 : 0,
    stateMatches,
    scores: tauScores(simulation),
  };
}

/** Where the recording gives no reason, the last turn does. */
function stopReasonOf({ turns, terminationReason }: TauSimulation): StopReason {
  const named = terminationReason === null ? undefined : STOP_REASONS[terminationReason];
  if (named !== undefined) return named;
  const last = turns.at(-1);
  if (last === undefined) return "step_limit";
  if (last.speaker === "user")
    return last.reply.text?.includes(USER_STOP_MARK) === true ? "user_stop" : "step_limit";
  return last.reply.toolCalls.some((call) => HAND_OVER.test(call.name)) ? "environment_done" : "step_limit";
}

function stepsOf({ turns, toolResults, shape }: TauSimulation): readonly ImportedStep[] {
  const results = new Map(toolResults.map((result) => [result.callId, result]));
  return turns.flatMap(({ speaker, reply, durationMs }): ImportedStep[] => {
    const said: ImportedStep = {
      kind: "model",
      speaker,
      text: reply.text,
      toolCalls: reply.toolCalls,
      usage: reply.usage,
      costUsd: reply.costUsd,
      durationMs,
      model: reply.model,
    };
    if (speaker === "user") {
      const heard: ImportedStep = { kind: "user", text: reply.text ?? "" };
      return shape === "tau2-bench" ? [said, heard] : [heard];
    }
    const calls = reply.toolCalls.map((call): ImportedStep => {
      const result = results.get(call.id);
      return {
        kind: "tool",
        callId: call.id,
        name: call.name,
        arguments: call.arguments,
        result: result?.content ?? null,
        isError: result?.isError ?? false,
        durationMs: result?.durationMs ?? null,
      };
    });
    return [said, ...calls];
  });
}

function notesOf(simulations: readonly TauSimulation[]): readonly string[] {
  const ends = new Map<string, number>();
  let unpriced = 0;
  for (const { terminationReason, turns } of simulations) {
    if (terminationReason !== null) ends.set(terminationReason, (ends.get(terminationReason) ?? 0) + 1);
    const agent = turns.filter((turn) => turn.speaker === "agent" && turn.reply.usage !== null);
    if (agent.some((turn) => turn.reply.costUsd === null)) unpriced++;
  }
  const notes: string[] = [];
  if (ends.size > 0) {
    const counts = [...ends].sort((a, b) => b[1] - a[1]).map(([reason, count]) => `${reason} ${count}`);
    notes.push(`the simulations ended by ${counts.join(", ")}`);
  }
  if (unpriced > 0) {
    notes.push(
      `${unpriced} of ${simulations.length} simulations give no price, or 0, for calls of the agent that used tokens: ` +
        "their cost is unknown, not nothing",
    );
  }
  return notes;
}
