import { readFileSync } from "node:fs";
import { type Document, isSeq, parseDocument } from "yaml";
import { UsageError } from "../../core/errors.js";
import { writeDurably } from "../write-durably.js";
import { hashOfKey, newKey } from "./key-hash.js";
import { parseKeysFile, type StoredKey } from "./keys-file.js";

/** A key that is to be made. */
export interface NewKey {
  readonly name: string;
  readonly tenant: string;
  readonly isTester: boolean;
  readonly isReporter: boolean;
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  readonly maxConcurrent?: number | undefined;
}

/**
 * Makes a key and adds its hash to the keys file, which is made when there is none; comments in it stay.
 *
 * @returns the key: it stands nowhere else
 * @throws {ConfigError} when the file or the new entry is not as it should be
 * @throws {UsageError} when there is a key of that name
 */
export function addKey(file: string, key: NewKey): string {
  const text = textOf(file) ?? "version: 1\nkeys: []\n";
  if (parseKeysFile(text, file).some(({ name }) => name === key.name)) {
    throw new UsageError(`${file} has a key ${key.name} already`, {
      nextStep: `choose another name, or \`agentctl gateway key remove ${key.name}\` first`,
    });
  }
  const secret = newKey();
  const document = parseDocument(text);
  document.addIn(["keys"], document.createNode(entryOf(key, secret)));
  const list = document.get("keys");
  if (isSeq(list)) list.flow = false;
  save(file, document);
  return secret;
}

/**
 * Removes a key. A gateway that runs refuses it within a second.
 *
 * @throws {UsageError} when there is none of that name
 */
export function removeKey(file: string, name: string): void {
  const text = textOf(file);
  const keys = text === null ? [] : parseKeysFile(text, file);
  const index = keys.findIndex((key) => key.name === name);
  if (text === null || index === -1) {
    throw new UsageError(`${file} has no key ${name}`, { nextStep: "see `agentctl gateway key list`" });
  }
  const document = parseDocument(text);
  document.deleteIn(["keys", index]);
  save(file, document);
}

/**
 * @returns the keys of a file; none when there is no file
 * @throws {ConfigError} when it is not as it should be
 */
export function listKeys(file: string): readonly StoredKey[] {
  const text = textOf(file);
  return text === null ? [] : parseKeysFile(text, file);
}

function entryOf(key: NewKey, secret: string) {
  const roles = [...(key.isTester ? ["tester"] : []), ...(key.isReporter ? ["reporter"] : [])];
  return {
    name: key.name,
    sha256: hashOfKey(secret),
    tenant: key.tenant,
    ...(roles.length > 0 ? { roles } : {}),
    ...(key.requestsPerMinute === undefined ? {} : { requests_per_minute: key.requestsPerMinute }),
    ...(key.tokensPerMinute === undefined ? {} : { tokens_per_minute: key.tokensPerMinute }),
    ...(key.maxConcurrent === undefined ? {} : { max_concurrent: key.maxConcurrent }),
  };
}

/** What would be written is read first: a file that the gateway refuses must not replace one that it takes. */
function save(file: string, document: Document): void {
  const text = String(document);
  parseKeysFile(text, file);
  try {
    writeDurably(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
