import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigError } from "../../core/errors.js";

/**
 * Reads what stands behind `env:NAME` or `file:PATH` in release.yaml.
 *
 * @param folder - where relative paths start
 * @returns a function that throws `ConfigError` when there is nothing
 */
export function secretReader(
  file: string,
  folder: string,
  env: { readonly [name: string]: string | undefined },
): (reference: string) => string {
  return (reference) => {
    const isVariable = reference.startsWith("env:");
    const name = reference.slice(reference.indexOf(":") + 1);
    const value = (isVariable ? (env[name] ?? "") : textOf(resolve(folder, name))).trim();
    if (value !== "") return value;
    const place = isVariable ? `the environment variable ${name}` : `the file ${name}`;
    throw new ConfigError([{ file, message: `expected a secret in ${place}, found none` }], {
      nextStep: isVariable ? `Set ${name}.` : `Write it there.`,
    });
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
