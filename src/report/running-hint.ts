import type { RunHeader } from "../core/run.js";

/** What `running` may mean, and how to go on; `null` when none of the runs is running. */
export function runningHint(runs: readonly Pick<RunHeader, "id" | "status">[]): string | null {
  const running = runs.filter((run) => run.status === "running");
  const [first] = running;
  if (first === undefined) return null;
  const id = running.length === 1 ? first.id : "RUN";
  return `a run that was killed stays \`running\` until it is resumed: agentctl eval --resume ${id}`;
}
