import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { expect } from "vitest";
import { runCommand } from "./run-command.js";

const folder = join(import.meta.dirname, "..", "schemas", "output");
/** Texts of the published schemas by file name. */
export const schemas = new Map(
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")] as const),
);

const ajv = new Ajv({ strict: true, allErrors: true });
/** By kind of document, of those that were asked for: to compile all of them takes seconds. */
const validators = new Map<string, ValidateFunction>();
/** Kinds of documents that have a schema. */
export const kinds = [...schemas.keys()].map((name) => name.replace(".schema.json", ""));

function validatorOf(kind: string): ValidateFunction | undefined {
  const text = schemas.get(`${kind}.schema.json`);
  if (text === undefined) return undefined;
  const validator = validators.get(kind) ?? ajv.compile(JSON.parse(text));
  validators.set(kind, validator);
  return validator;
}

/** Whether a kind is of commands for releases, which have a file of tests of their own. */
export function isReleaseKind(kind: string): boolean {
  return /^(canary|gateway|endpoint|incident)(-|$)/.test(kind);
}

/** Kinds that other files of tests show, and which. */
export const SHOWN_ELSEWHERE: Readonly<Record<string, string>> = {
  "canary-scores": "canary-score.test.ts",
  "endpoint-check": "endpoint.test.ts",
  "endpoint-bench": "endpoint.test.ts",
  "endpoint-lora": "endpoint.test.ts",
  "endpoint-warm": "endpoint.test.ts",
};

/** Kinds of the documents that were validated in this file of tests. */
export const seen = new Set<string>();

export interface Document {
  readonly schema: string;
  readonly version: number;
  readonly [key: string]: unknown;
}

/** What is wrong with a document, by the schema that it names. */
export function problemsOf(document: Document): readonly string[] {
  const kind = document.schema.replace("agentctl/", "");
  const validate = validatorOf(kind);
  if (validate === undefined) return [`there is no schema for ${document.schema}`];
  seen.add(kind);
  return validate(document) ? [] : (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
}

/** Runs a command with `--json`: stdout must be one document of the kind, and nothing else. */
export async function documentOf(
  kind: string,
  args: readonly string[],
  {
    cwd,
    exitCode = 0,
    env = {},
  }: {
    readonly cwd: string;
    readonly exitCode?: number;
    readonly env?: { readonly [name: string]: string };
  },
): Promise<Document> {
  const result = await runCommand([...args, "--json"], { cwd, env: { FORCE_COLOR: "1", ...env } });
  expect({ exitCode: result.exitCode, stderr: result.exitCode === exitCode ? "" : result.stderr }).toEqual({
    exitCode,
    stderr: "",
  });
  const document = JSON.parse(result.stdout) as Document;
  expect(document.schema).toBe(`agentctl/${kind}`);
  expect(problemsOf(document)).toEqual([]);
  return document;
}
