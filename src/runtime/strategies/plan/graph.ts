import type { Reversibility } from "../../tools/tool.js";
import type { StepState } from "./plan.js";

/**
 * Marks every pending step of which a prerequisite failed or was skipped, and so on down the graph: such a step is
 * never run.
 */
export function skipBlocked(steps: readonly StepState[]): readonly StepState[] {
  let settled = steps;
  for (;;) {
    const lost = new Map(
      settled
        .filter(({ status }) => status === "failed" || status === "skipped")
        .map((step) => [step.id, step]),
    );
    let isChanged = false;
    settled = settled.map((step) => {
      const blocker = step.after.find((id) => lost.has(id));
      if (step.status !== "pending" || blocker === undefined) return step;
      isChanged = true;
      return { ...step, status: "skipped", reason: `step ${blocker} was ${lost.get(blocker)?.status}` };
    });
    if (!isChanged) return settled;
  }
}

/** Pending steps whose prerequisites are all done. */
function readySteps(steps: readonly StepState[]): readonly StepState[] {
  const done = new Set(steps.filter(({ status }) => status === "done").map(({ id }) => id));
  return steps.filter(({ status, after }) => status === "pending" && after.every((id) => done.has(id)));
}

/**
 * Steps to run next, all at the same time: every ready one that can be undone or only reads; when there is none, the
 * first ready one that cannot be undone, alone, so that what it shows is known before the next. Empty at the end.
 */
export function nextWave(
  steps: readonly StepState[],
  reversibilityOf: (tool: string) => Reversibility,
): readonly StepState[] {
  const ready = readySteps(steps);
  const together = ready.filter(({ tool }) => reversibilityOf(tool) !== "irreversible");
  return together.length > 0 ? together : ready.slice(0, 1);
}
