import { bundlePrograms, Lane } from "./chaos/lane.js";
import { hasHaproxy } from "./chaos/router-under-test.js";
import { type RolloutResult, runRollout } from "./chaos/run-rollout.js";
import type { FaultName } from "./chaos/scenario.js";
import { FAULTS, type Scenario, scenarios } from "./chaos/scenario.js";

const SEED = 1;
const LANES = 2;

/** Runs rollouts that are broken on purpose, some lanes of them at once. */
export async function chaosRun(
  planned: readonly Scenario[],
  bundles: string,
  lanes = LANES,
): Promise<readonly RolloutResult[]> {
  const programs = await bundlePrograms(bundles);
  const open = [...planned];
  const results: RolloutResult[] = [];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      const lane = await Lane.open(programs);
      try {
        for (let next = open.shift(); next !== undefined; next = open.shift())
          results.push(await runRollout(next, lane));
      } finally {
        await lane.close();
      }
    }),
  );
  return results.sort((a, b) => a.scenario.seed - b.scenario.seed);
}

/** @returns whether every invariant held */
export async function runChaos(
  bundles: string,
  print: (line: string) => void,
  count: number,
): Promise<boolean> {
  const started = performance.now();
  const planned = scenarios(count, SEED, hasHaproxy() ? ["gateway", "haproxy"] : ["gateway"]);
  const results = await chaosRun(planned, bundles);
  for (const line of linesOf(results)) print(line);
  print(`${results.length} rollouts, seed ${SEED}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return results.every(({ broken }) => broken.length === 0);
}

function linesOf(results: readonly RolloutResult[]): readonly string[] {
  const lines = [
    "| Fault | rollouts | promoted | rolled back | cancelled | bad promoted | broken |",
    "|---|---|---|---|---|---|---|",
  ];
  for (const name of [...FAULTS, "all"] as const) {
    const of = name === "all" ? results : results.filter(({ kills }) => (kills[name as FaultName] ?? 0) > 0);
    const ended = (state: string) => of.filter((one) => one.state === state).length;
    const bad = of.filter(({ state, scenario }) => state === "SUCCEEDED" && scenario.quality.name !== "good");
    const broken = of.filter((one) => one.broken.length > 0);
    lines.push(
      `| ${name} | ${of.length} | ${ended("SUCCEEDED")} | ${ended("ROLLED_BACK")} | ${ended("CANCELLED")} | ${bad.length} | ${broken.length} |`,
    );
  }
  return [...lines, "", ...figuresOf(results), ...badEndsOf(results), ...brokenOf(results)];
}

function figuresOf(results: readonly RolloutResult[]): readonly string[] {
  const sum = (of: (one: RolloutResult) => number) => results.reduce((total, one) => total + of(one), 0);
  const zero = results.flatMap(({ toZeroMs }) => (toZeroMs === null ? [] : [toZeroMs])).sort((a, b) => a - b);
  const pauses = new Map<string, number>();
  for (const one of results)
    for (const [cause, count] of Object.entries(one.pauses))
      pauses.set(cause, (pauses.get(cause) ?? 0) + count);
  const quality = (name: string, state: string) =>
    results.filter((one) => one.scenario.quality.name === name && one.state === state).length;
  const routers = (name: string) => results.filter(({ scenario }) => scenario.router === name).length;
  return [
    `behind the gateway: ${routers("gateway")}, behind HAProxy: ${routers("haproxy")}`,
    ...["good", "errors", "critical"].map(
      (name) =>
        `${name}: ${quality(name, "SUCCEEDED")} promoted, ${quality(name, "ROLLED_BACK")} rolled back, ${quality(name, "CANCELLED")} cancelled`,
    ),
    `requests: ${sum(({ traffic }) => traffic.sent)}, in the wrong arm: ${sum(({ traffic }) => traffic.misrouted)}`,
    `lost while the router was dead: ${sum(({ traffic }) => traffic.lostWithRouter)}; lost to a dead arm: ${sum(({ traffic }) => traffic.lostInArm)}, of these on their way when the canary was killed: ${sum((one) => one.lostInFlight)}`,
    `of a dead canary, answered by stable: ${sum(({ traffic }) => traffic.fallbacks)}`,
    `from the death of the canary to a split of 0, simulated: ${zero.length} times, median ${zero[Math.floor(zero.length / 2)] ?? 0} ms, at the most ${zero.at(-1) ?? 0} ms`,
    `ticks: ${sum(({ ticks }) => ticks)}, refused by a full disk: ${sum((one) => one.refusedByDisk)}`,
    `pauses: ${[...pauses].map(([cause, count]) => `${cause} ${count}`).join(", ")}`,
    `simulated time: ${(sum((one) => one.simulatedMs) / 3_600_000).toFixed(1)} h`,
  ];
}

/** Good releases that were not promoted, and why. */
function badEndsOf(results: readonly RolloutResult[]): readonly string[] {
  return results
    .filter(({ scenario, state }) => scenario.quality.name === "good" && state !== "SUCCEEDED")
    .map(
      ({ scenario, state, reason }) =>
        `good, not promoted: ${scenario.seed} (${scenario.router}; ${scenario.faults.map(({ name }) => name).join(", ")}): ${state}: ${reason}`,
    );
}

function brokenOf(results: readonly RolloutResult[]): readonly string[] {
  return results.flatMap(({ broken, scenario }) =>
    broken.map((what) => `BROKEN ${scenario.seed} (${JSON.stringify(scenario)}): ${what}`),
  );
}
