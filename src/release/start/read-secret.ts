import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigError } from "../../core/errors.js";

/** Where secrets of release.yaml are looked up. */
export interface SecretPlaces {
  /** release.yaml as messages name it. */
  readonly file: string;
  /** Its folder: `file:` starts there. */
  readonly folder: string;
  readonly env: { readonly [name: string]: string | undefined };
}

/**
 * The value behind `env:NAME` or `file:PATH`, without white space around it.
 *
 * @throws {ConfigError} when there is none
 */
export function readSecret(reference: string, { file, folder, env }: SecretPlaces): string {
  const name = reference.slice(reference.indexOf(":") + 1);
  const value = reference.startsWith("env:") ? env[name] : textOf(resolve(folder, name));
  if (value !== undefined && value.trim() !== "") return value.trim();
  const place = reference.startsWith("env:") ? `the environment variable ${name}` : `the file ${name}`;
  throw new ConfigError([{ file, message: `expected a secret in ${place}, found none; set it` }]);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
