import { join } from "node:path";
import { expect, it } from "vitest";
import type { FaultName, Quality, Scenario } from "../bench/chaos/scenario.js";
import { chaosRun } from "../bench/chaos.js";

const BUNDLES = join(import.meta.dirname, "..", "node_modules", ".cache", "agentctl-chaos-test");

function scenario(seed: number, quality: Quality, atTick: number, ...names: FaultName[]): Scenario {
  const faults = names.map((name) => ({ name, atTick, lastsMs: 10_000, killAfterMs: 3 }));
  return { seed, router: "gateway", quality, faults };
}

it("Given processes that are killed, When rollouts go on, Then every invariant holds", {
  timeout: 90_000,
}, async () => {
  const results = await chaosRun(
    [
      scenario(1, { name: "good" }, 6, "controller"),
      scenario(2, { name: "good" }, 8, "router", "stable"),
      scenario(3, { name: "critical", phase: "BAKING(0)" }, 5, "canary"),
    ],
    BUNDLES,
    1,
  );
  expect(results.flatMap(({ broken }) => broken)).toEqual([]);
  expect(results.map(({ kills }) => Object.keys(kills))).toEqual([
    ["controller"],
    ["router", "stable"],
    ["canary"],
  ]);
  expect(results[2]?.state).toBe("ROLLED_BACK");
  for (const { simulatedMs } of results) expect(simulatedMs).toBeGreaterThan(0);
});
