import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Clock } from "../../core/clock.js";
import type { Store } from "../../store/store.js";
import { readDatasetFile } from "../dataset/dataset-file.js";
import { findSuite, loadProject } from "../project/load-project.js";
import { shownPath } from "../project/shown-path.js";
import { openProjectStore } from "../run/stored-run.js";
import type { ReadinessFacts } from "./facts.js";
import { gatherAgents } from "./gather-agent.js";
import { gatherGates } from "./gather-gates.js";
import { gatherJudgements } from "./gather-judgements.js";
import { gatherRun, latestWhole } from "./gather-run.js";
import { gatherSafetyRuns } from "./gather-safety-runs.js";
import { gatherSecrets } from "./gather-secrets.js";

export interface FactsRequest {
  readonly config?: string;
  /** Default: that of the project. */
  readonly suite?: string;
}

export interface FactsServices {
  readonly workingDirectory: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
}

/**
 * Reads the files of a suite and its history. Nothing is run, asked or written.
 *
 * @throws {UsageError} when there is no such suite
 * @throws {ConfigError | DatasetError} with every problem of a file
 * @throws {StoreError} when the history cannot be read
 */
export async function gatherFacts(request: FactsRequest, services: FactsServices): Promise<ReadinessFacts> {
  const { workingDirectory, env, clock } = services;
  const project = loadProject(request.config, workingDirectory);
  const suite = findSuite(project, request.suite);
  const at = (path: string) => resolve(suite.root, path);
  const agents = gatherAgents(at(suite.config.agent), workingDirectory, env);
  const { cases } = await readDatasetFile(at(suite.config.dataset), workingDirectory);
  // A project without a history is not given a file for it.
  const store = existsSync(resolve(project.root, project.config.store)) ? openProjectStore(project) : null;
  try {
    const run = store === null ? null : latestWhole(store, suite.name);
    const gates = gatherGates(project, suite.name, { workingDirectory, clock, store, run });
    const level = 1 - (gates.config?.defaults.alpha ?? 0.05);
    return {
      now: clock.now(),
      suite: suite.name,
      projectFile: shownPath(project.file, workingDirectory),
      agents,
      gates,
      dataset: { file: shownPath(at(suite.config.dataset), workingDirectory), cases },
      run: store === null || run === null ? null : gatherRun(store, run, level),
      safetyRuns: store === null ? [] : gatherSafetyRuns(store, project, agents[0].config.name, services),
      judgements: gatherJudgements(project, runIds(store, suite.name), services),
      secrets: gatherSecrets(project, suite.name, agents, workingDirectory),
    };
  } finally {
    store?.close();
  }
}

function runIds(store: Store | null, suite: string): ReadonlySet<string> {
  return new Set(store?.listRuns({ suite }).map(({ id }) => id));
}
