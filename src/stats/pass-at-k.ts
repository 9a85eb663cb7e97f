import { StatisticsError } from "./statistics-error.js";
import { requireCount, requireSuccesses } from "./validate.js";

/** Trials of one task (case): `c` of `n` succeeded. */
export interface TaskOutcomes {
  readonly n: number;
  readonly c: number;
}

export interface PassEstimate {
  /** Mean over tasks; `null` without tasks. */
  readonly value: number | null;
  readonly perTask: readonly number[];
}

/**
 * pass@k: chance that at least one of k trials of a task succeeds, 1 - C(n - c, k) / C(n, k), averaged over tasks.
 *
 * @param k - 1 to the number of trials of every task
 * @throws {StatisticsError} if a count is outside its range or k exceeds the trials of a task
 * @see Chen et al. 2021, Evaluating Large Language Models Trained on Code
 */
export function passAtK(tasks: readonly TaskOutcomes[], k: number): PassEstimate {
  return overTasks(tasks, k, ({ n, c }) => 1 - chanceAllAmong(n - c, n, k));
}

/**
 * pass^k: chance that all of k trials of a task succeed, C(c, k) / C(n, k), averaged over tasks.
 *
 * @param k - 1 to the number of trials of every task
 * @throws {StatisticsError} if a count is outside its range or k exceeds the trials of a task
 * @see Yao et al. 2024, tau-bench
 */
export function passHatK(tasks: readonly TaskOutcomes[], k: number): PassEstimate {
  return overTasks(tasks, k, ({ n, c }) => chanceAllAmong(c, n, k));
}

function overTasks(
  tasks: readonly TaskOutcomes[],
  k: number,
  chance: (task: TaskOutcomes) => number,
): PassEstimate {
  requireCount("k", k, 1);
  const perTask = tasks.map((task) => {
    requireSuccesses(task.c, task.n);
    if (k > task.n) throw new StatisticsError(`expected k to be at most the ${task.n} trials, found ${k}`);
    return chance(task);
  });
  const sum = perTask.reduce((running, value) => running + value, 0);
  return { value: perTask.length === 0 ? null : sum / perTask.length, perTask };
}

/** Chance that k draws without return from n all fall among `marked`: C(marked, k) / C(n, k). */
function chanceAllAmong(marked: number, n: number, k: number): number {
  if (k > marked) return 0;
  let chance = 1;
  for (let drawn = 0; drawn < k; drawn++) chance *= (marked - drawn) / (n - drawn);
  return chance;
}
