import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { contentHash, sha256 } from "../../core/hash.js";
import type { Evaluation } from "../evaluation.js";
import { agentctlVersion } from "../project/agentctl-version.js";
import type { FoundSuite, Project } from "../project/load-project.js";
import { isMetricFile } from "../score/load-metric-file.js";
import { planHash } from "../shard/shard-evaluation.js";

/** A metric file that loads others: what those do is not in its own text. */
const LOADS_OTHERS = /\bfrom\s*["']\.|\bimport\s*\(|\bimport\s*["']\.|\brequire\s*\(/;

/** The content hash of what decides a run, or one sentence that says what of it cannot be known. */
export type InputsHash = { readonly hash: string } | { readonly unknown: string };

/**
 * The content hash of everything that decides a run: golden set, agent and recording, who plays the user, metrics,
 * trials and seed, and agentctl itself. A model behind an API has no content to hash: its name stands for it.
 */
export function inputsHash(evaluation: Evaluation, suite: FoundSuite, project: Project): InputsHash {
  const { agent } = evaluation;
  if (agent.partHashes?.prompt === undefined) {
    return { unknown: "its agent is not built in: nobody here knows whether it changed" };
  }
  const files = metricFiles(suite, project);
  if (files.some((text) => LOADS_OTHERS.test(text))) {
    return { unknown: "a metric of its own loads other files" };
  }
  return {
    hash: contentHash({
      suite: evaluation.suite,
      dataset: evaluation.dataset.hash,
      agent: agent.version,
      timeoutMs: agent.limits.timeoutMs,
      parameters: agent.parameters,
      userModel: evaluation.userModelHash,
      // Shards are parts of what would be one run: they have its inputs.
      plan: evaluation.shard?.planHash ?? planHash(evaluation.plan),
      seed: evaluation.seed,
      metrics: evaluation.metrics.stored,
      metricFiles: files.map(sha256),
      agentctlVersion,
    }),
  };
}

function metricFiles(suite: FoundSuite, project: Project): readonly string[] {
  const [root, entries] =
    suite.config.metrics === undefined
      ? [project.root, project.config.metrics]
      : [suite.root, suite.config.metrics];
  return (entries ?? [])
    .filter(isMetricFile)
    .map((entry) => resolve(root, entry))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, "utf8"));
}
