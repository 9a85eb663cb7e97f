import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { AgentctlError } from "../../core/errors.js";
import { readDataset } from "../../datasets/read-dataset.js";
import type { DoctorCheck } from "../../report/doctor-report.js";
import { type LoadedAgent, type LoadedExternalAgent, loadAnyAgent } from "../agent/load-agent.js";
import { readGates } from "../gate/judge-run-gates.js";
import { loadJudgeFile } from "../judge/load-judge-file.js";
import { type FoundSuite, findSuite, loadProject, type Project } from "../project/load-project.js";
import { shownPath } from "../project/shown-path.js";
import { loadMetrics } from "../score/load-metrics.js";
import { checksOf, type DoctorContext } from "./doctor-context.js";
import { type NamedSettings, settingsOf } from "./endpoint-settings.js";

const { ok, warning, problem } = checksOf("project");

/** The files of a project, as far as they can be used. */
export interface CheckedProject {
  readonly checks: readonly DoctorCheck[];
  /** `null` when there is none that can be used. */
  readonly project: Project | null;
  /** What agents, users and judges want of the environment and of endpoints. */
  readonly settings: readonly NamedSettings[];
}

/** Reads every file that a project names, and tells of all problems at once. */
export async function checkProject(
  configFile: string | undefined,
  { workingDirectory }: DoctorContext,
): Promise<CheckedProject> {
  let project: Project;
  try {
    project = loadProject(configFile, workingDirectory);
  } catch (error) {
    const isMissing = configFile === undefined && textOf(error).includes("found no file");
    const check = isMissing
      ? warning("agentctl.yaml", "there is no project in this folder or above it", "agentctl init")
      : failed("agentctl.yaml", error);
    return { checks: [check], project: null, settings: [] };
  }
  const checks: DoctorCheck[] = [];
  const settings: NamedSettings[] = [];
  const seen = new Set<string>();
  /** A file that several suites name is read once. */
  const look = async (path: string, read: () => Promise<string> | string) => {
    if (seen.has(path)) return;
    seen.add(path);
    const shown = shownPath(path, workingDirectory);
    try {
      checks.push(ok(shown, await read()));
    } catch (error) {
      checks.push(failed(shown, error));
    }
  };
  await look(project.file, () => {
    findSuite(project, undefined);
    return `${Object.keys(project.config.suites).length} suites`;
  });
  for (const [name, config] of Object.entries(project.config.suites)) {
    const suite: FoundSuite = { name, root: project.root, config };
    const at = (path: string) => resolve(project.root, path);
    await look(at(config.dataset), async () => {
      const { cases } = await readDataset(shownPath(at(config.dataset), workingDirectory));
      return `${cases.length} cases`;
    });
    await look(at(config.agent), () => {
      const agent = loadAnyAgent(at(config.agent), workingDirectory);
      settings.push(settingsOf(agent.config, agent.file));
      return agentText(agent);
    });
    if (config.user_model !== undefined) {
      settings.push(settingsOf({ model: config.user_model }, `suite ${name}`));
    }
    if (config.recording !== undefined && !existsSync(at(config.recording))) {
      checks.push(
        problem(config.recording, `suite ${name}: found no recording`, "correct `recording` of the suite"),
      );
    }
    await look(`metrics of suite ${name}`, async () => {
      const { stored } = await loadMetrics(project, suite, workingDirectory);
      return `${stored.metrics.length}, ${stored.customMetrics.length} of them your own`;
    });
    await look(at(config.gates ?? project.config.gates), async () => {
      const { stored } = await loadMetrics(project, suite, workingDirectory);
      const gates = readGates(project, name, workingDirectory, stored.customMetrics);
      return gates === null ? "none: nothing is gated" : `${gates.gates.length} rules`;
    });
  }
  for (const file of judgeFiles(project)) {
    await look(file, () => {
      const { config, shown } = loadJudgeFile(file, project, workingDirectory);
      settings.push(settingsOf(config, shown, true));
      return `judge ${config.name}`;
    });
  }
  return { checks, project, settings };
}

function agentText(agent: LoadedAgent | LoadedExternalAgent): string {
  const { config } = agent;
  return "model" in config && typeof config.model === "object"
    ? `agent ${config.name}, ${config.model.provider}/${config.model.name}`
    : `agent ${config.name}, kind ${config.kind}`;
}

function judgeFiles(project: Project): readonly string[] {
  const folder = resolve(project.root, "judges");
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => /\.ya?ml$/.test(file));
  return files.sort().map((file) => resolve(folder, file));
}

function failed(name: string, error: unknown): DoctorCheck {
  if (!(error instanceof AgentctlError)) throw error;
  return problem(name, textOf(error), error.nextStep ?? `correct ${name}`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message.replaceAll("\n", "; ") : String(error);
}
