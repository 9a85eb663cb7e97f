import { parseYamlFile } from "../yaml-file.js";
import { type ReleaseConfig, releaseSchema } from "./release-schema.js";

/**
 * Reads release.yaml.
 *
 * @throws {ConfigError} with every problem of the file
 */
export function parseReleaseFile(text: string, file: string): ReleaseConfig {
  return parseYamlFile(text, file, releaseSchema);
}
