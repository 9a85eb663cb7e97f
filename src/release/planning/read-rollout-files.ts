import { resolve } from "node:path";
import type { CanaryConfig } from "../../config/gates/canary-schema.js";
import { parseReleaseFile } from "../../config/release/parse-release-file.js";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { ConfigError } from "../../core/errors.js";
import { readGatesFile } from "../../eval/gate/read-gates-file.js";
import { readTextFile } from "../../eval/project/read-text-file.js";
import { shownPath } from "../../eval/project/shown-path.js";

/**
 * The `canary` block of a gate file.
 *
 * @throws {ConfigError} with every problem of the file, and when it has no such block
 */
export function readPolicy(file: string, workingDirectory: string): CanaryConfig {
  const path = resolve(workingDirectory, file);
  const { canary } = readGatesFile(path, workingDirectory, () => ({})).rules;
  if (canary !== undefined) return canary;
  throw new ConfigError(
    [
      {
        file: shownPath(path, workingDirectory),
        message: "has no `canary` block; expected steps and rollback_triggers",
      },
    ],
    { nextStep: "docs/gates.md shows one" },
  );
}

/**
 * Where a service runs. Every command that wants it reads it here.
 *
 * @throws {ConfigError} when there is no such file, or with every problem of it
 */
export function readReleaseFile(file: string, workingDirectory: string): ReleaseConfig {
  const path = resolve(workingDirectory, file);
  const shown = shownPath(path, workingDirectory);
  const text = readTextFile(
    path,
    shown,
    "a release file",
    "name another with --release; docs/canary-plan.md shows one",
  );
  return parseReleaseFile(text, shown);
}
