import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { StoreError, UsageError } from "../../core/errors.js";
import type { RunHeader } from "../../core/run.js";
import type { Store } from "../../store/store.js";
import { refuseFolder } from "../output/write-whole.js";
import { loadProject } from "../project/load-project.js";
import { openProjectStore, requireRun } from "../run/stored-run.js";
import { exportRecords } from "./export-records.js";

/** What was written. */
export interface ExportedRun {
  readonly runId: string;
  readonly file: string;
  /** Of its content. */
  readonly hash: string;
  readonly cases: number;
  readonly trials: number;
  readonly hasTrials: boolean;
}

/**
 * `agentctl runs export`: writes a run as a file that can be a baseline, or with its trials one that can be merged.
 *
 * @throws {UsageError} when there is no such run, or the file cannot be one
 */
export async function exportStoredRun(
  reference: string,
  flags: { readonly config?: string; readonly output: string; readonly trials?: boolean },
  workingDirectory: string,
): Promise<ExportedRun> {
  const project = loadProject(flags.config, workingDirectory);
  const hasTrials = flags.trials === true;
  const extension = extname(flags.output).toLowerCase();
  if (extension !== ".jsonl" && (extension !== ".json" || hasTrials)) {
    throw new UsageError(
      `--output ${flags.output}: expected the extension ${hasTrials ? ".jsonl, as trials are lines" : ".jsonl or .json"}`,
    );
  }
  const file = resolve(workingDirectory, flags.output);
  refuseFolder(file);
  const store = openProjectStore(project);
  try {
    const written = await writeExport(store, requireRun(store, reference), file, hasTrials, project.root);
    return { ...written, file: flags.output };
  } finally {
    store.close();
  }
}

/**
 * Writes a run to a file, whole or not at all.
 *
 * @param file - absolute; `.json` for one document, else lines
 * @throws {StoreError} when it cannot be written
 */
export async function writeExport(
  store: Store,
  run: RunHeader,
  file: string,
  hasTrials: boolean,
  root: string,
): Promise<Omit<ExportedRun, "file">> {
  const counts = { cases: 0, trials: 0 };
  let hash = "";
  const isDocument = extname(file).toLowerCase() === ".json";
  function* text(): Generator<string> {
    let separator = "";
    if (isDocument) yield '{"schema":"agentctl/run-export","version":1,"records":[\n';
    for (const record of exportRecords(store, run, hasTrials, root)) {
      if (record.kind === "case") counts.cases += 1;
      if (record.kind === "trial") counts.trials += 1;
      if (record.kind === "end") hash = record.hash;
      yield `${separator}${JSON.stringify(record)}${isDocument ? "" : "\n"}`;
      if (isDocument) separator = ",\n";
    }
    if (isDocument) yield "\n]}\n";
  }
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await pipeline(Readable.from(text()), createWriteStream(temporary));
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new StoreError(`cannot write ${file}: ${(cause as Error).message}`, {
      cause,
      nextStep: "name another file with --output",
    });
  }
  return { runId: run.id, hash, ...counts, hasTrials };
}
