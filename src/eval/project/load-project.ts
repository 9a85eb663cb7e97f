import { basename, dirname, join, resolve } from "node:path";
import { parseProjectFile } from "../../config/parse-project-file.js";
import type { ProjectConfig, SuiteConfig } from "../../config/project-schema.js";
import { UsageError } from "../../core/errors.js";
import { didYouMean, listNames } from "../../core/nearest.js";
import { findProjectFile, PROJECT_FILE } from "./find-project-file.js";
import { packageRoot } from "./package-root.js";
import { readTextFile } from "./read-text-file.js";
import { shownPath } from "./shown-path.js";

/** A project: its configuration and the folder that its paths are relative to. */
export interface Project {
  readonly file: string;
  readonly root: string;
  readonly config: ProjectConfig;
}

/** A suite by name, with the folder that its paths are relative to (the project's or the package's). */
export interface FoundSuite {
  readonly name: string;
  readonly root: string;
  readonly config: SuiteConfig;
}

/**
 * Finds the project: the given file, else `agentctl.yaml` here or in a folder above.
 *
 * @throws {ConfigError} when there is none, or it is not valid
 */
export function loadProject(configFile: string | undefined, workingDirectory: string): Project {
  const file =
    configFile === undefined ? findProjectFile(workingDirectory) : resolve(workingDirectory, configFile);
  return readProject(file ?? join(workingDirectory, PROJECT_FILE), workingDirectory);
}

function readProject(file: string, workingDirectory: string): Project {
  const shown = shownPath(file, workingDirectory);
  const nextStep = "run `agentctl init` to create one, or name another with --config";
  const text = readTextFile(file, shown, "a project file", nextStep);
  return { file, root: dirname(file), config: parseProjectFile(text, shown) };
}

/**
 * Looks a suite up in the project, then among the suites that the package ships (tau-airline, tau-retail).
 *
 * @throws {UsageError} naming the nearest suite when there is none of that name
 */
export function findSuite(project: Project, name: string | undefined): FoundSuite {
  const wanted = name ?? project.config.default_suite;
  const found = lookUpSuite(project, wanted);
  if (found !== null) return found;
  const shipped = shippedProject();
  const known = [...new Set([...Object.keys(project.config.suites), ...Object.keys(shipped.config.suites)])];
  throw new UsageError(`--suite ${wanted}: expected one of ${listNames(known)}${didYouMean(wanted, known)}`, {
    nextStep: `name one of them, or add the suite to ${basename(project.file)}`,
  });
}

/** The suite of that name in the project or in the package, or `null`. */
export function lookUpSuite(project: Project, name: string): FoundSuite | null {
  for (const { root, config } of [project, shippedProject()]) {
    const suite = Object.hasOwn(config.suites, name) ? config.suites[name] : undefined;
    if (suite !== undefined) return { name, root, config: suite };
  }
  return null;
}

function shippedProject(): Project {
  return readProject(join(packageRoot, PROJECT_FILE), packageRoot);
}
