import { existsSync, statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { AgentctlError } from "../../core/errors.js";
import type { DoctorCheck } from "../../report/doctor-report.js";
import { inspectStore, type StoreHealth, type UnfinishedRun } from "../../store/inspect-store.js";
import { judgementFileOf } from "../judge/project-judgements.js";
import type { Project } from "../project/load-project.js";
import { shownPath } from "../project/shown-path.js";
import { isAlive } from "../run/claim-run.js";
import { checksOf, type DoctorContext } from "./doctor-context.js";

const MIB = 1024 * 1024;
const MOST_CHECKED_BYTES = 1024 * MIB;
const LARGE_WAL_BYTES = 256 * MIB;
const LITTLE_SPACE_BYTES = 512 * MIB;
const RUNS_SHOWN = 3;
const { ok, warning, problem, unknown } = checksOf("store");

/** Whether the run history can be used, how large it is, and which runs wait in it. Nothing is created or changed. */
export function checkStore(project: Project, { workingDirectory }: DoctorContext): readonly DoctorCheck[] {
  const file = resolve(project.root, project.config.store);
  const judgements = judgementFileOf(project);
  return [
    ...checkFile(file, shownPath(file, workingDirectory)),
    ...(existsSync(judgements) ? checkFile(judgements, shownPath(judgements, workingDirectory)) : []),
    checkSpace(file),
  ];
}

function checkFile(file: string, shown: string): readonly DoctorCheck[] {
  if (!existsSync(file)) return [ok(shown, "not there yet: the first run makes it")];
  try {
    const health = inspectStore(file, MOST_CHECKED_BYTES);
    return [
      checkHealth(health, shown, file),
      checkWal(health, shown),
      ...health.unfinished.slice(0, RUNS_SHOWN).map(checkRun),
    ];
  } catch (error) {
    if (!(error instanceof AgentctlError)) throw error;
    return [problem(shown, error.message, error.nextStep ?? "restore it from a copy")];
  }
}

function checkHealth(
  { damage, bytes, schemaVersion }: StoreHealth,
  shown: string,
  file: string,
): DoctorCheck {
  const evidence = `${size(bytes)}, schema version ${schemaVersion}`;
  if (damage === null) {
    return unknown(
      shown,
      `${evidence}; too large to be read through here`,
      `sqlite3 ${file} "PRAGMA quick_check"`,
    );
  }
  return damage.length === 0
    ? ok(shown, `${evidence}, whole`)
    : problem(
        shown,
        `${evidence}, damaged: ${damage.join("; ")}`,
        "restore it from a copy, or move it away and start anew",
      );
}

function checkWal({ walBytes }: StoreHealth, shown: string): DoctorCheck {
  const name = `${shown}-wal`;
  return walBytes > LARGE_WAL_BYTES
    ? warning(name, `${size(walBytes)}: some process keeps reading`, "end processes of agentctl that hang")
    : ok(name, size(walBytes));
}

function checkRun({ id, status, owner }: UnfinishedRun): DoctorCheck {
  const name = `run ${id}`;
  if (owner !== null && isAlive(owner)) {
    return ok(name, `is being executed by process ${owner.pid} on ${owner.host}`);
  }
  const left = owner === null ? "" : `; process ${owner.pid}, which executed it, is gone`;
  return warning(name, `${status}${left}`, `agentctl eval --resume ${id}`);
}

function checkSpace(file: string): DoctorCheck {
  const folder = existsSync(dirname(file)) ? dirname(file) : dirname(dirname(file));
  const { bavail, bsize } = statfsSync(existsSync(folder) ? folder : ".");
  const free = bavail * bsize;
  return free < LITTLE_SPACE_BYTES
    ? warning("free space", size(free), "make room, or point `store` of agentctl.yaml elsewhere")
    : ok("free space", size(free));
}

function size(bytes: number): string {
  return bytes < 1024 * MIB ? `${(bytes / MIB).toFixed(1)} MiB` : `${(bytes / 1024 / MIB).toFixed(1)} GiB`;
}
