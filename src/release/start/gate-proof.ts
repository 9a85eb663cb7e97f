import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Clock } from "../../core/clock.js";
import { ReleaseError, UsageError } from "../../core/errors.js";
import { contentHash } from "../../core/hash.js";
import type { RunHeader } from "../../core/run.js";
import { judgeStoredRun, requireGates } from "../../eval/gate/judge-run-gates.js";
import { judgeStandings } from "../../eval/judge/judge-standings.js";
import { loadProject } from "../../eval/project/load-project.js";
import { openProjectStore, requireRun } from "../../eval/run/stored-run.js";
import type { GateReport } from "../../gates/gate-report.js";
import { gateReport } from "../../report/schemas/gate-report.js";
import type { GateProof } from "../plan/release-plan.js";

/** Where the proof of a release comes from. */
export interface ProofSource {
  readonly config?: string;
  /** Run id, its beginning, a tag, or `latest`. */
  readonly run?: string;
  /** File that `agentctl gate --json` wrote. */
  readonly gateReport?: string;
  readonly gates?: string;
}

/** A gate report that was judged, and what a reader must know of it. */
export interface FoundProof {
  readonly proof: GateProof;
  readonly report: GateReport;
  /** One sentence each, such as a waiver that the verdict rests on. */
  readonly notes: readonly string[];
}

/**
 * The gate report that a release rests on: of a stored run, judged now. A file names its run, which must be in the run
 * history, and must say what the gates say of it now.
 *
 * @throws {UsageError} for neither or both of run and file, and for a run or a file that is not there
 * @throws {ReleaseError} `RELEASE_REFUSED` for a file that says something else than the gates do
 */
export function findProof(source: ProofSource, workingDirectory: string, clock: Clock): FoundProof {
  const { run, gateReport: file } = source;
  if ((run === undefined) === (file === undefined)) {
    throw new UsageError("expected one of --run and --gate-report, for a release rests on a gate report", {
      nextStep: "Name the run that the gates passed on: `agentctl runs list` shows the runs.",
    });
  }
  const project = loadProject(source.config, workingDirectory);
  const store = openProjectStore(project);
  try {
    const given = file === undefined ? null : readReport(file, workingDirectory);
    const header = requireRun(store, given?.runId ?? (run as string));
    const rules = requireGates(project, header.suite, workingDirectory, header.customMetrics, source.gates);
    const report = judgeStoredRun(store, header, rules, judgeStandings(project, header, clock));
    if (given !== null) refuseUnlessSame(file as string, given, report);
    return proofOf(report, header);
  } finally {
    store.close();
  }
}

function proofOf(report: GateReport, run: RunHeader): FoundProof {
  const waived = report.results.flatMap(({ name, waiver }) =>
    waiver === null ? [] : [`gate ${name} is waived until ${waiver.until} by ${waiver.by}: ${waiver.reason}`],
  );
  return {
    report,
    notes: [...waived, ...report.notes],
    proof: {
      reportHash: contentHash(report),
      runId: report.runId,
      agentVersion: report.agentVersion,
      datasetHash: report.datasetHash,
      gatesHash: report.gatesHash,
      finishedAt: run.finishedAt ?? run.createdAt,
    },
  };
}

const IDENTITY = ["agentVersion", "datasetHash", "gatesHash", "verdict"] as const;

/** A file can be edited; what counts is the run in the history and what the gates say of it now. */
function refuseUnlessSame(file: string, given: GateReport, judged: GateReport): void {
  const differences = IDENTITY.filter((field) => given[field] !== judged[field]).map(
    (field) => `${field} ${given[field]} in the file, ${judged[field]} of the run judged now`,
  );
  if (differences.length === 0) return;
  throw new ReleaseError("RELEASE_REFUSED", `${file} is no proof: ${differences.join("; ")}`, {
    nextStep: "Start with --run, or write the file again with `agentctl gate --json`.",
  });
}

function readReport(file: string, workingDirectory: string): GateReport {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(resolve(workingDirectory, file), "utf8"));
  } catch (error) {
    throw new UsageError(`${file}: expected a gate report, found ${(error as Error).message}`, {
      cause: error,
    });
  }
  const { schema, version: _version, ...body } = (document ?? {}) as { schema?: unknown; version?: unknown };
  const parsed = gateReport.safeParse(body);
  if (schema === "agentctl/gate-report" && parsed.success) return parsed.data as GateReport;
  throw new UsageError(`${file}: expected a document of \`agentctl gate --json\`, found ${String(schema)}`);
}

/**
 * Refuses a release whose gate report is no proof of it.
 *
 * @param version - of the agent file that is released; `null`: release.yaml names none
 * @throws {ReleaseError} `RELEASE_REFUSED` naming everything that differs
 */
export function refuseUnlessProven(
  { proof, report }: FoundProof,
  wanted: { readonly version: string | null; readonly maxAgeMs: number; readonly now: number },
): void {
  const problems: string[] = [];
  if (report.verdict !== "pass") {
    problems.push(`the gates say ${report.verdict}, expected pass: ${report.reasons.join("; ")}`);
  }
  const ageMs = wanted.now - Date.parse(proof.finishedAt);
  if (ageMs > wanted.maxAgeMs) {
    problems.push(
      `run ${proof.runId} finished ${days(ageMs)} ago, expected at most ${days(wanted.maxAgeMs)} (gate_report_max_age)`,
    );
  }
  if (wanted.version !== null && wanted.version !== proof.agentVersion) {
    problems.push(
      `run ${proof.runId} judged agent version ${proof.agentVersion.slice(0, 12)}, the agent file is now ${wanted.version.slice(0, 12)}`,
    );
  }
  if (problems.length === 0) return;
  throw new ReleaseError("RELEASE_REFUSED", problems.join("\n"), {
    nextStep: "Evaluate this version, then `agentctl gate`, then start the release with that run.",
  });
}

function days(ms: number): string {
  const hours = ms / 3_600_000;
  return hours < 48 ? `${Number(hours.toFixed(1))} h` : `${Number((hours / 24).toFixed(1))} days`;
}
