import { basename, resolve } from "node:path";
import type { Clock } from "../core/clock.js";
import { UsageError } from "../core/errors.js";
import { type CaseInput, type GoldenCase, NOTHING_EXPECTED } from "../core/golden-case.js";
import { contentHash } from "../core/hash.js";
import { IMPORTED_PROVIDER, type RunHeader } from "../core/run.js";
import { caseHash } from "../datasets/case-hash.js";
import { readTauRecording } from "../datasets/import/tau.js";
import type { TauSimulation } from "../datasets/import/tau-simulation.js";
import { defaultMetricSet } from "../metrics/metric-set.js";
import { rowOf } from "../metrics/row.js";
import { openCassette } from "../models/cassette-file.js";
import type { RunReport } from "../report/run-report.js";
import { agentctlVersion } from "./agentctl-version.js";
import { buildReport } from "./build-report.js";
import { readGates } from "./judge-run.js";
import { storedMetrics } from "./load-metrics.js";
import { loadProject } from "./load-project.js";
import { newRunId } from "./new-run.js";
import { recordedTrial } from "./recorded-trial.js";
import { shownPath } from "./shown-path.js";
import { openProjectStore } from "./stored-run.js";

export interface ImportTauFlags {
  readonly domain: string;
  readonly cassette?: string;
  readonly tag?: readonly string[];
  readonly config?: string;
}

export interface ImportedRun {
  readonly report: RunReport;
  /** The cassette that was written, or `null` when none was asked for. */
  readonly cassette: string | null;
}

/**
 * Stores recorded simulations as a run with the rewards that the recording states. Crashed simulations
 * become trials in error, never failures.
 *
 * @throws {DatasetError} with every problem of the file at once; nothing is then stored
 */
export async function importTau(
  file: string,
  flags: ImportTauFlags,
  services: { readonly workingDirectory: string; readonly clock: Clock },
): Promise<ImportedRun> {
  const { workingDirectory, clock } = services;
  const project = loadProject(flags.config, workingDirectory);
  checkDomain(flags.domain);
  const path = shownPath(resolve(workingDirectory, file), workingDirectory);
  const simulations = await readTauRecording(path, flags.domain);
  const cases = casesOf(simulations);
  const store = openProjectStore(project);
  try {
    const run = runOf(simulations, cases, { path, domain: flags.domain, tags: flags.tag ?? [], clock });
    store.createRun(run, [...cases.values()]);
    for (const simulation of simulations) {
      const goldenCase = cases.get(simulation.caseId) as GoldenCase;
      const trial = recordedTrial(simulation, clock.now());
      store.addTrial(run.id, trial, rowOf(goldenCase, trial));
    }
    const cassette = flags.cassette === undefined ? null : resolve(workingDirectory, flags.cassette);
    if (cassette !== null) await writeCassette(cassette, simulations);
    const gates = readGates(project, run.suite, workingDirectory, []);
    return { report: buildReport(store, run, [...cases.values()], gates), cassette: flags.cassette ?? null };
  } finally {
    store.close();
  }
}

/** It becomes part of case ids and of report names. */
function checkDomain(domain: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(domain)) return;
  throw new UsageError(`--domain ${JSON.stringify(domain)}: expected letters, digits, ".", "_" and "-"`);
}

async function writeCassette(file: string, simulations: readonly TauSimulation[]): Promise<void> {
  const sink = await openCassette(file, { append: false, secrets: [] });
  try {
    for (const { caseId, trial, turns, crash } of simulations) {
      for (const turn of turns) await sink.write(turn);
      if (crash !== null) await sink.write({ caseId, trial, crash });
    }
  } finally {
    await sink.close();
  }
}

/** The recordings do not hold their tasks: a case is what the user said first. */
function casesOf(simulations: readonly TauSimulation[]): ReadonlyMap<string, GoldenCase> {
  const cases = new Map<string, GoldenCase>();
  for (const { caseId, turns } of simulations) {
    if (cases.has(caseId)) continue;
    const text = turns.find((turn) => turn.speaker === "user")?.reply.text ?? "";
    const content = {
      id: caseId,
      input: { kind: "text", text } satisfies CaseInput,
      expect: NOTHING_EXPECTED,
      environment: null,
      risk: null,
      tags: ["imported"],
      group: caseId,
      split: "dev" as const,
      review: null,
    };
    cases.set(caseId, { ...content, line: cases.size + 1, hash: caseHash(content) });
  }
  return cases;
}

function runOf(
  simulations: readonly TauSimulation[],
  cases: ReadonlyMap<string, GoldenCase>,
  source: {
    readonly path: string;
    readonly domain: string;
    readonly tags: readonly string[];
    readonly clock: Clock;
  },
): RunHeader {
  const now = source.clock.now();
  const createdAt = new Date(now).toISOString();
  const agentTurn = simulations.flatMap(({ turns }) => turns).find((turn) => turn.speaker === "agent");
  return {
    id: newRunId(now),
    suite: `import-${source.domain}`,
    createdAt,
    finishedAt: createdAt,
    status: "complete",
    datasetPath: source.path,
    datasetHash: contentHash([...cases.values()].map((one) => one.hash)),
    agentName: basename(source.path).replace(/\.jsonl?$/, ""),
    agentVersion: contentHash(simulations),
    promptVersion: null,
    provider: IMPORTED_PROVIDER,
    model: agentTurn?.reply.model ?? "unrecorded",
    userModel: null,
    judges: [],
    seed: 0,
    trialsPerCase: simulations.reduce((most, { trial }) => Math.max(most, trial + 1), 1),
    plan: simulations.map(({ caseId, trial }) => ({
      caseId,
      caseHash: cases.get(caseId)?.hash ?? "",
      trial,
    })),
    gitCommit: null,
    gitDirty: null,
    tags: source.tags,
    notes: [],
    ...storedMetrics(defaultMetricSet, []),
    invocation: { import: source.path },
    agentctlVersion,
  };
}
