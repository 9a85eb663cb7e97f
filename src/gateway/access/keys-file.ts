import { z } from "zod";
import { parseYamlFile } from "../../config/yaml-file.js";
import { ConfigError } from "../../core/errors.js";

const limit = z.int().min(1).optional();

const keySchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "wants letters, digits, `.`, `_` and `-`"),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "wants the hash that `agentctl gateway key add` writes, 64 hex digits"),
  tenant: z.string().min(1).max(128).describe("Tenant of every request with this key."),
  roles: z
    .array(z.enum(["tester", "reporter"]))
    .default([])
    .describe("`tester` may choose an arm by header; `reporter` may tell verified safety violations."),
  requests_per_minute: limit.describe("Requests in any 60 seconds."),
  tokens_per_minute: limit.describe("Tokens, in and out, of answers in any 60 seconds."),
  max_concurrent: limit.describe("Requests under way at once."),
});

const keysSchema = z.strictObject({
  version: z.literal(1).describe("Version of this file format."),
  keys: z.array(keySchema),
});

/** One key as the file holds it: its hash, never the key. */
export type StoredKey = z.output<typeof keySchema>;

/**
 * Reads the keys file of the gateway, YAML or JSON.
 *
 * @throws {ConfigError} with every problem of the file; two keys of one name or one hash are problems
 */
export function parseKeysFile(text: string, file: string): readonly StoredKey[] {
  const { keys } = parseYamlFile(text, file, keysSchema);
  const problems = (["name", "sha256"] as const).flatMap((field) =>
    keys
      .filter((key, index) => keys.findIndex((other) => other[field] === key[field]) < index)
      .map((key) => ({ file, message: `expected every \`${field}\` once; key "${key.name}" repeats one` })),
  );
  if (problems.length > 0) throw new ConfigError(problems, { nextStep: "remove one of the two" });
  return keys;
}
