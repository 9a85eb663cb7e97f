import type { Message } from "../../../core/message.js";
import { turnOf } from "../../marked-calls.js";
import type { Reversibility } from "../../tools/tool.js";
import { type Turn, TurnStopped } from "../../turn.js";
import { askStructured } from "../ask-structured.js";
import { type ConfidenceGate, requireConfidence } from "../confidence-gate.js";
import { contextUsed } from "../context-used.js";
import type { Strategy } from "../strategy.js";
import { nextWave, skipBlocked } from "./graph.js";
import { keepPlan, openPlan, withoutPending, withPlan } from "./open-plan.js";
import type { Plan, PlanState, StepState } from "./plan.js";
import { PLAN_JSON_SCHEMA, type PlanAnswer } from "./plan-json-schema.js";
import { answerRequest, planRequest, replanRequest } from "./plan-prompt.js";
import { readPlan } from "./read-plan.js";
import { runWave } from "./run-wave.js";

export interface PlanOptions {
  readonly gate: ConfidenceGate;
  /** New plans in one turn after a step failed, at most; 0 or more. */
  readonly maxReplans: number;
  readonly maxSteps: number;
}

/**
 * Plans once, carries the plan out as a graph, plans anew from where things stand when a step fails, and answers from
 * the results. The open plan is a note of the conversation: a crash resumes it, and so does the answer to a question
 * that a step asked the user.
 */
export function planStrategy(options: PlanOptions): Strategy {
  return { name: "plan", run: (turn) => new PlanRun(turn, options).run() };
}

class PlanRun {
  private readonly turnNumber: number;

  constructor(
    private readonly turn: Turn,
    private readonly options: PlanOptions,
  ) {
    this.turnNumber = turnOf(turn.log);
  }

  async run() {
    const start = await this.start();
    if (typeof start === "string") return this.close(start);
    const end = await this.carryOut(start);
    if (typeof end === "string") return this.close(end);
    const answer = await this.turn.think({ messages: answerRequest(this.turn, end), tools: [] });
    return this.close(answer.text ?? "");
  }

  /** A crash before the answer leaves what was done on record, one after it leaves nothing that is still to be done. */
  private async close(answer: string) {
    const { turn } = this;
    const open = openPlan(turn.log);
    if (open !== null) keepPlan(turn.log, withoutPending(open));
    const stop = await turn.respond(answer);
    keepPlan(turn.log, null);
    return stop;
  }

  /** The plan to carry out, or what to say instead. */
  private async start(): Promise<PlanState | string> {
    const open = openPlan(this.turn.log);
    if (open !== null && open.turn === this.turnNumber) {
      this.publish(open, "gone on with after an interruption");
      return open;
    }
    const isUnfinished = open?.steps.some(({ status }) => status === "pending") ?? false;
    if (open === null || !isUnfinished) {
      const plan = await this.ask(planRequest(this.turn), null);
      return plan === null ? this.giveUp() : this.accept(plan, null, "the first plan", 0);
    }
    const reason = "the user answered while the plan was open";
    const plan = await this.ask(replanRequest(this.turn, open, reason), open);
    return plan === null ? this.giveUp() : this.accept(plan, open, reason, 0);
  }

  /** Runs wave after wave; ends with the final state, or with what a new plan says instead. */
  private async carryOut(start: PlanState): Promise<PlanState | string> {
    let state = start;
    for (;;) {
      state = { ...state, steps: skipBlocked(state.steps) };
      const broken = state.steps.find(
        ({ status, isOptional }) => !isOptional && (status === "failed" || status === "skipped"),
      );
      if (broken !== undefined && state.replans < this.options.maxReplans) {
        const next = await this.replan(state, broken);
        if (typeof next === "string") return next;
        state = next;
        continue;
      }
      const wave = nextWave(state.steps, (name) => this.reversibilityOf(name));
      if (wave.length === 0) return state;
      state = await runWave(this.turn, state, wave);
      this.publish(state, `ran ${wave.map(({ id }) => id).join(", ")}`);
    }
  }

  /** Without a plan that can be used, the steps that do not depend on the broken one are still run. */
  private async replan(state: PlanState, broken: StepState): Promise<PlanState | string> {
    const reason = `step ${broken.id} ${broken.status === "failed" ? "failed" : "was skipped"}`;
    const plan = await this.ask(replanRequest(this.turn, state, reason), state);
    if (plan === null) return { ...state, replans: this.options.maxReplans };
    return this.accept(plan, state, reason, state.replans + 1);
  }

  private async ask(messages: readonly Message[], before: PlanState | null): Promise<Plan | null> {
    const { turn, options } = this;
    const asked = turn.clock.monotonic();
    const doneIds = new Set(before?.steps.filter(({ status }) => status === "done").map(({ id }) => id));
    const reading = await askStructured(turn, messages, PLAN_JSON_SCHEMA, (answer) =>
      readPlan(answer as PlanAnswer, { tools: turn.tools, doneIds, maxSteps: options.maxSteps }),
    );
    const durationMs = turn.clock.monotonic() - asked;
    if ("problems" in reading) {
      turn.reason({ text: `no plan that can be carried out: ${reading.problems.join("; ")}`, durationMs });
      return null;
    }
    const { thought, confidence, alternatives } = reading.value;
    turn.reason({ text: thought, confidence, alternatives, contextUsed: contextUsed(turn), durationMs });
    return reading.value;
  }

  private accept(plan: Plan, before: PlanState | null, reason: string, replans: number): PlanState | string {
    const { turn } = this;
    if (plan.steps.length === 0 && plan.reply !== null && plan.reply !== "") return plan.reply;
    const state = withPlan(plan, before, { turn: this.turnNumber, replans });
    this.publish(state, reason);
    const actions = plan.steps.map(({ tool, confidence }) => ({
      tool,
      confidence: confidence ?? plan.confidence,
    }));
    requireConfidence(turn, actions, this.options.gate);
    keepPlan(turn.log, state);
    return state;
  }

  private giveUp(): never {
    keepPlan(this.turn.log, null);
    this.turn.emit("guardrail_triggered", {
      rule: "tool.plan",
      action: "escalate",
      detail: "the model gave no plan that can be carried out",
    });
    throw new TurnStopped("escalated", this.options.gate.handover);
  }

  private publish({ revision, steps }: PlanState, reason: string): void {
    this.turn.emit("plan_updated", {
      revision,
      reason,
      steps: steps.map(({ id, tool, after, status }) => ({
        id,
        tool,
        after,
        status: status === "running" ? "pending" : status,
      })),
    });
  }

  private reversibilityOf(name: string): Reversibility {
    return this.turn.tools.find(({ spec }) => spec.name === name)?.reversibility ?? "irreversible";
  }
}
