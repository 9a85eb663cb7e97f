import { resolve } from "node:path";
import { UsageError } from "../../core/errors.js";
import { readTauRecording, requireDomainName, type TauShape } from "../../datasets/import/tau.js";
import { tauImportedRun } from "../../datasets/import/tau-imported-run.js";
import type { TauSimulation } from "../../datasets/import/tau-simulation.js";
import { selectMetrics } from "../../metrics/metric-set.js";
import { openCassette } from "../../models/cassette-file.js";
import type { RunReport } from "../../report/run-report.js";
import { shownPath } from "../project/shown-path.js";
import { type ImportFlags, type ImportServices, importRun } from "./import-run.js";

export interface ImportTauFlags extends ImportFlags {
  readonly domain?: string;
  readonly model?: string;
  readonly userModel?: string;
  readonly cassette?: string;
  /** Names or patterns of metrics beside those that every import of this kind has. */
  readonly metric?: readonly string[];
}

/**
 * Stores recorded simulations as a run with the rewards that the recording states. Crashed simulations
 * become trials in error, never failures.
 *
 * @param shape - refuse simulations of the other program; `null` takes both
 * @returns the report, and the cassette that was written, or `null` when none was asked for
 * @throws {UsageError} when neither the flags nor the file name the domain, or a metric is unknown
 * @throws {DatasetError} with every problem of the file at once; nothing is then stored
 */
export async function importTau(
  file: string,
  shape: TauShape | null,
  flags: ImportTauFlags,
  services: ImportServices,
): Promise<{ readonly report: RunReport; readonly cassette: string | null }> {
  const { workingDirectory } = services;
  if (flags.domain !== undefined) requireDomainName(flags.domain);
  const metrics = flags.metric ?? [];
  const selected = selectMetrics(metrics, []);
  if ("unknown" in selected) throw new UsageError(`--metric ${selected.unknown.join("; --metric ")}`);
  const path = shownPath(resolve(workingDirectory, file), workingDirectory);
  const simulations = await readTauRecording(path, flags.domain ?? null, {
    ...(flags.model === undefined ? {} : { agent: flags.model }),
    ...(flags.userModel === undefined ? {} : { user: flags.userModel }),
    ...(shape === null ? {} : { shape }),
  });
  const domain = simulations[0]?.domain ?? "tau";
  const report = await importRun(file, domain, () => tauImportedRun(simulations, metrics), flags, services);
  if (flags.cassette !== undefined) {
    await writeCassette(resolve(workingDirectory, flags.cassette), simulations);
  }
  return { report, cassette: flags.cassette ?? null };
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
