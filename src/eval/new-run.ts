import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import type { Clock } from "../core/clock.js";
import type { RunHeader } from "../core/run.js";
import type { Model } from "../models/model.js";
import type { Evaluation } from "./evaluation.js";
import { agentctlVersion } from "./project/agentctl-version.js";

const run = promisify(execFile);

/** Sortable by creation and unique among runs that start in the same second. */
export function newRunId(now: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `${stamp}-${randomBytes(3).toString("hex")}`;
}

async function gitState(folder: string): Promise<{ commit: string | null; dirty: boolean | null }> {
  try {
    const status = ["status", "--porcelain=v2", "--branch", "--untracked-files=no"];
    const { stdout } = await run("git", status, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
    const lines = stdout.split("\n");
    const commit =
      lines.find((line) => line.startsWith("# branch.oid "))?.slice("# branch.oid ".length) ?? null;
    return {
      commit: commit === "(initial)" ? null : commit,
      dirty: lines.some((line) => /^[12u]/.test(line)),
    };
  } catch {
    return { commit: null, dirty: null };
  }
}

function nameOf({ provider, name }: Model): string {
  return `${provider}/${name}`;
}

/** The header of a run that is about to start. */
export async function newRun(
  evaluation: Evaluation,
  options: {
    readonly clock: Clock;
    readonly folder: string;
    readonly tags: readonly string[];
    readonly invocation: RunHeader["invocation"];
    readonly inputsHash?: string | null;
    /** Id of the run that gates will compare this one with. */
    readonly baselineRun?: string | null;
  },
): Promise<RunHeader> {
  const now = options.clock.now();
  const git = await gitState(options.folder);
  const { agent, dataset, shard } = evaluation;
  const { inputsHash = null, baselineRun = null } = options;
  return {
    id: newRunId(now),
    suite: evaluation.suite,
    createdAt: new Date(now).toISOString(),
    finishedAt: null,
    status: "running",
    datasetPath: dataset.path,
    datasetHash: dataset.hash,
    agentName: agent.name,
    agentVersion: agent.version,
    parts: { ...agent.partHashes, user_model: evaluation.userModelHash },
    promptVersion: agent.promptVersion,
    provider: agent.model.provider,
    model: agent.model.name,
    userModel: evaluation.userModel === null ? null : nameOf(evaluation.userModel.model),
    judges: [],
    seed: evaluation.seed,
    trialsPerCase: evaluation.trialsPerCase,
    plan: evaluation.plan,
    gitCommit: git.commit,
    gitDirty: git.dirty,
    tags: options.tags,
    notes: evaluation.notes,
    ...evaluation.metrics.stored,
    invocation: options.invocation,
    agentctlVersion,
    ...(shard === undefined ? {} : { shard }),
    ...(inputsHash === null ? {} : { inputsHash }),
    ...(baselineRun === null ? {} : { baselineRun }),
  };
}
