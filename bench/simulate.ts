import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

const BIN = join(import.meta.dirname, "..", "bin", "agentctl.js");
const RUNS = join(import.meta.dirname, "..", "test", "fixtures", "tau2-ab");
const ROUNDS = 3;

/** The plan of docs/canary-simulate.md. */
const GATES = `version: 1
gates: [{ metric: task.success, min: 0.5 }]
canary:
  steps:
    - { traffic: 1%, bake: 1h, min_conversations: 10 }
    - { traffic: 5%, bake: 1h, min_conversations: 60 }
    - { traffic: 25%, bake: 1h }
    - { traffic: 50%, bake: 2h, max_bake: 8h }
    - { traffic: 100%, bake: 30m }
  rollback_triggers:
    resolution_rate: { threshold: "-5% vs control", window: 30m }
    error_rate: { threshold: "+1%", window: 30m }
    p95_latency: { threshold: "+500ms vs control", window: 30m }
`;
/** Milliseconds of processor time to the end of a command, told on stderr. */
const CPU_HOOK = `process.on("exit",()=>{const{user,system}=process.cpuUsage();process.stderr.write("cpu "+(user+system)/1000)})`;

/** What simulated rollouts of one canary take. */
export interface SimulationFigures {
  /** Processor time of one, without the start of the program: the least of three rounds. */
  readonly cpuMsEach: number;
  /** Wall time of all of them on all cores, start and stored runs included: the least of three rounds. */
  readonly wallMs: number;
  /** Whether one thread and all of them give the same document. */
  readonly isSame: boolean;
}

/** A good and a bad canary, by the built program, at 2,000 conversations an hour. */
export async function simulationBench(
  folder: string,
  rollouts: number,
): Promise<{ readonly good: SimulationFigures; readonly bad: SimulationFigures }> {
  const cwd = join(folder, "simulate");
  mkdirSync(cwd);
  await execa(process.execPath, [BIN, "init"], { cwd });
  writeFileSync(join(cwd, "gates.yaml"), GATES);
  const file = join(RUNS, "retail.gpt-4.1.jsonl");
  await execa(process.execPath, [BIN, "import", "tau2", file, "--domain", "retail", "--tag", "a"], { cwd });
  return { good: await figuresOf(cwd, 0, rollouts), bad: await figuresOf(cwd, 10, rollouts) };
}

async function figuresOf(cwd: string, points: number, rollouts: number): Promise<SimulationFigures> {
  const figures = { cpuMsEach: Number.POSITIVE_INFINITY, wallMs: Number.POSITIVE_INFINITY, isSame: true };
  for (let round = 0; round < ROUNDS; round++) {
    const start = await simulated(cwd, points, 1, ["--jobs", "1"]);
    const alone = await simulated(cwd, points, rollouts, ["--jobs", "1"]);
    const together = await simulated(cwd, points, rollouts, []);
    figures.cpuMsEach = Math.min(figures.cpuMsEach, (alone.cpuMs - start.cpuMs) / (rollouts - 1));
    figures.wallMs = Math.min(figures.wallMs, together.wallMs);
    figures.isSame &&= alone.document === together.document;
  }
  return figures;
}

async function simulated(cwd: string, points: number, rollouts: number, jobs: readonly string[]) {
  const started = performance.now();
  const hook = `data:text/javascript,${encodeURIComponent(CPU_HOOK)}`;
  const what = ["--stable", "a", "--planted", `-${points}`, "--traffic", "2000/h"];
  const flags = [...what, "--rollouts", String(rollouts), ...jobs, "--json", "--quiet"];
  const run = await execa(process.execPath, ["--import", hook, BIN, "canary", "simulate", ...flags], { cwd });
  return {
    wallMs: performance.now() - started,
    cpuMs: Number(/cpu ([\d.]+)/.exec(run.stderr)?.[1]),
    document: run.stdout,
  };
}
