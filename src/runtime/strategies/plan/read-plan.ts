import type { Tool } from "../../tools/tool.js";
import type { Reading } from "../ask-structured.js";
import type { Plan, PlanStep } from "./plan.js";
import type { PlanAnswer } from "./plan-json-schema.js";
import { referencesIn } from "./references.js";

export interface PlanRules {
  readonly tools: readonly Tool[];
  /** Steps that were done under earlier plans: they can be referred to, and their ids are taken. */
  readonly doneIds: ReadonlySet<string>;
  readonly maxSteps: number;
}

/** Reads an answer that satisfies the schema of a plan; says everything that keeps it from being carried out. */
export function readPlan(answer: PlanAnswer, rules: PlanRules): Reading<Plan> {
  const steps = answer.steps.map(stepOf);
  const problems = [
    ...(steps.length > rules.maxSteps
      ? [`${steps.length} steps; at most ${rules.maxSteps} are allowed`]
      : []),
    ...takenIds(steps, rules.doneIds),
    ...steps.flatMap((step) => problemsOf(step, steps, rules)),
    ...cycleAmong(steps),
  ];
  if (problems.length > 0) return { problems };
  return {
    value: {
      thought: answer.thought,
      confidence: answer.confidence ?? null,
      alternatives: answer.alternatives ?? [],
      reply: answer.reply ?? null,
      steps,
    },
  };
}

function stepOf(step: PlanAnswer["steps"][number]): PlanStep {
  const preconditions = (step.preconditions ?? []).map((one) => ({ ...one, value: one.value ?? null }));
  const needed = [
    ...(step.after ?? []),
    ...referencesIn(step.arguments).map(({ $from }) => $from),
    ...preconditions.map(({ from }) => from),
  ];
  return {
    id: step.id,
    tool: step.tool,
    arguments: step.arguments,
    after: [...new Set(needed)],
    preconditions,
    isOptional: step.optional ?? false,
    confidence: step.confidence ?? null,
  };
}

function takenIds(steps: readonly PlanStep[], doneIds: ReadonlySet<string>): string[] {
  const seen = new Set(doneIds);
  return steps.flatMap(({ id }) => {
    if (seen.has(id)) return [`step ${id}: the id is taken`];
    seen.add(id);
    return [];
  });
}

function problemsOf(step: PlanStep, steps: readonly PlanStep[], { tools, doneIds }: PlanRules): string[] {
  const tool = tools.find(({ spec }) => spec.name === step.tool);
  const required = Array.isArray(tool?.spec.parameters.required) ? tool.spec.parameters.required : [];
  return [
    ...(tool === undefined ? [`step ${step.id}: there is no tool ${step.tool}`] : []),
    ...required
      .filter((name) => typeof name === "string" && !(name in step.arguments))
      .map((name) => `step ${step.id}: ${step.tool} needs the argument ${String(name)}`),
    ...referencesIn(step.arguments)
      .filter(
        ({ $from, path }) => typeof $from !== "string" || (path !== undefined && typeof path !== "string"),
      )
      .map(() => `step ${step.id}: a reference wants texts as \`$from\` and \`path\``),
    ...step.after
      .filter((id) => !doneIds.has(id) && !steps.some((other) => other.id === id))
      .map((id) => `step ${step.id}: there is no step ${id}`),
  ];
}

/** Takes away steps without open prerequisites until none is left; what remains goes round in a circle. */
function cycleAmong(steps: readonly PlanStep[]): string[] {
  let open = steps;
  for (;;) {
    const ids = new Set(open.map(({ id }) => id));
    const blocked = open.filter(({ after }) => after.some((id) => ids.has(id)));
    if (blocked.length === open.length) break;
    open = blocked;
  }
  return open.length === 0 ? [] : [`steps ${open.map(({ id }) => id).join(", ")} wait for one another`];
}
