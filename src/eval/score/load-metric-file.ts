import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigError, type Problem } from "../../core/errors.js";
import { customMetric } from "../../metrics/custom-metric.js";
import type { CaseMetric } from "../../metrics/metric.js";
import { importModule, loadFailure } from "../../runtime/import-module.js";
import { shownPath } from "../project/shown-path.js";

const NEXT_STEP = "docs/metrics-of-your-own.md shows a whole file";

/** Whether an entry of a list of metrics is the path of a file. */
export function isMetricFile(entry: string): boolean {
  return /\.[cm]?[jt]s$/.test(entry);
}

/**
 * Loads a metric from its file, and runs that file. TypeScript is stripped of its types, not checked.
 *
 * @param file - absolute
 * @throws {ConfigError} with every problem of the file
 */
export async function loadMetricFile(file: string, workingDirectory: string): Promise<CaseMetric> {
  const shown = shownPath(resolve(file), workingDirectory);
  if (!existsSync(file)) {
    throw problemsOf([{ file: shown, message: "expected a file with a metric, found none" }]);
  }
  if (!statSync(file).isFile()) {
    throw problemsOf([{ file: shown, message: "expected a file with a metric, found a folder" }]);
  }
  let loaded: unknown;
  try {
    loaded = await importModule(file);
  } catch (error) {
    throw problemsOf([loadProblem(error, file, shown, workingDirectory)], error);
  }
  if (typeof loaded !== "object" || loaded === null || !("default" in loaded)) {
    const names = typeof loaded === "object" && loaded !== null ? Object.keys(loaded) : [];
    const found = names.length === 0 ? "no export" : `only ${names.map((name) => `"${name}"`).join(", ")}`;
    throw problemsOf([{ file: shown, message: `expected a metric as its default export, found ${found}` }]);
  }
  const made = customMetric(loaded.default);
  if ("metric" in made) return made.metric;
  throw problemsOf(made.problems.map((message) => ({ file: shown, message })));
}

function problemsOf(problems: readonly Problem[], cause?: unknown): ConfigError {
  return new ConfigError(problems, { nextStep: NEXT_STEP, ...(cause === undefined ? {} : { cause }) });
}

/** The place of a syntax error stands in its message, after the file, which may be one that the metric imports. */
function loadProblem(error: unknown, file: string, shown: string, workingDirectory: string): Problem {
  const text = error instanceof Error ? error.message : String(error);
  const syntax = /^ParseError: ([^\n]*)\n\s*(.*):(\d+):(\d+)\s*$/.exec(text);
  if (syntax !== null) {
    const [, what = "", place = file, line] = syntax;
    const message = `is not valid: ${what.trim()}`;
    return { file: shownPath(resolve(place), workingDirectory), line: Number(line), message };
  }
  return { file: shown, message: loadFailure(error) };
}
