import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { figuresOf, type RolloutFigures, rolloutTable } from "./figures.js";
import { rollOut } from "./rollout.js";
import { POLICY, SCENARIOS, type Scenario } from "./scenarios.js";
import { ROUTERS, type RouterName, startStack } from "./stack.js";

const ROOT = join(import.meta.dirname, "..", "..");
/** Conversations a second, of three requests each. */
const RATE = 60;

/**
 * Whole rollouts on this machine: each scenario behind each router, by the program as users have it, its processes and real
 * proxies.
 *
 * @param only - name of a router or of a scenario; everything without it
 * @returns whether every release ended as it should, without a lost request
 */
export async function runRollouts(print: (line: string) => void, only?: string): Promise<boolean> {
  const base = mkdtempSync(join(tmpdir(), "agentctl-rollouts-"));
  const cache = join(ROOT, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const program = mkdtempSync(join(cache, "agentctl-rollouts-"));
  try {
    const bin = copyProgram(program);
    const project = join(base, "project");
    await execa(bin, ["init", project]);
    await execa(bin, ["eval"], { cwd: project });
    appendFileSync(join(project, "gates.yaml"), POLICY);
    const all = ROUTERS.flatMap((router) => SCENARIOS.map((scenario) => ({ router, scenario })));
    const wanted = all.filter(({ router, scenario }) => [undefined, router, scenario.name].includes(only));
    const figures: RolloutFigures[] = [];
    for (const [index, { router, scenario }] of wanted.entries()) {
      const folder = join(base, `${index}`);
      cpSync(project, folder, { recursive: true });
      const one = await oneRollout(router, scenario, { folder, bin });
      figures.push(one);
      print(`${router}, ${scenario.name}: ${one.state} after ${one.seconds.toFixed(0)} s: ${one.reason}`);
    }
    for (const line of rolloutTable(figures)) print(line);
    return figures.every(({ state, expected, lost }) => state === expected && lost === 0);
  } finally {
    rmSync(base, { recursive: true, force: true });
    rmSync(program, { recursive: true, force: true });
  }
}

async function oneRollout(
  router: RouterName,
  scenario: Scenario,
  { folder, bin }: { readonly folder: string; readonly bin: string },
): Promise<RolloutFigures> {
  const stack = await startStack(router, folder, bin);
  try {
    return figuresOf(router, scenario, await rollOut(scenario, router, { stack, folder, bin, rate: RATE }));
  } finally {
    await stack.end();
  }
}

/** A build by somebody else meanwhile must not change what is measured; within the repository, so that packages are found. */
function copyProgram(to: string): string {
  const parts = [
    "bin",
    "dist",
    "package.json",
    "templates",
    "datasets",
    "agents",
    "judges",
    "schemas",
    "agentctl.yaml",
    "gates.yaml",
  ];
  for (const part of parts) cpSync(join(ROOT, part), join(to, part), { recursive: true });
  return join(to, "bin", "agentctl.js");
}
