import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseProjectFile } from "../config/parse-project-file.js";
import type { ProjectConfig, SuiteConfig } from "../config/project-schema.js";
import { ConfigError, UsageError } from "../core/errors.js";
import { didYouMean, listNames } from "../core/nearest.js";
import { packageRoot } from "./package-root.js";

export const PROJECT_FILE = "agentctl.yaml";

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
    configFile === undefined ? findUpwards(workingDirectory) : resolve(workingDirectory, configFile);
  if (file === null || !existsSync(file)) {
    throw new ConfigError(
      [{ file: configFile ?? PROJECT_FILE, message: `expected a project file, found none` }],
      {
        nextStep: "run `agentctl init` to create one, or name another with --config",
      },
    );
  }
  return readProject(file, workingDirectory);
}

function readProject(file: string, workingDirectory: string): Project {
  const shown = file.startsWith(`${workingDirectory}/`) ? file.slice(workingDirectory.length + 1) : file;
  return { file, root: dirname(file), config: parseProjectFile(readFileSync(file, "utf8"), shown) };
}

function findUpwards(start: string): string | null {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const file = join(folder, PROJECT_FILE);
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return null;
  }
}

/**
 * Looks a suite up in the project, then among the suites that the package ships (tau-airline, tau-retail).
 *
 * @throws {UsageError} naming the nearest suite when there is none of that name
 */
export function findSuite(project: Project, name: string | undefined): FoundSuite {
  const wanted = name ?? project.config.default_suite;
  const own = project.config.suites[wanted];
  if (own !== undefined) return { name: wanted, root: project.root, config: own };
  const shipped = shippedProject();
  const suite = shipped.config.suites[wanted];
  if (suite !== undefined) return { name: wanted, root: shipped.root, config: suite };
  const known = [...new Set([...Object.keys(project.config.suites), ...Object.keys(shipped.config.suites)])];
  throw new UsageError(`--suite ${wanted}: expected one of ${listNames(known)}${didYouMean(wanted, known)}`, {
    nextStep: `name one of them, or add the suite to ${basename(project.file)}`,
  });
}

function shippedProject(): Project {
  return readProject(join(packageRoot, PROJECT_FILE), packageRoot);
}
