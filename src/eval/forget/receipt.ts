import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { StoreError, UsageError } from "../../core/errors.js";
import { canonicalJson, contentHash } from "../../core/hash.js";
import { schemaName } from "../../report/json-document.js";
import type { DeletionReceipt, ReceiptCheck } from "../../report/memory-documents.js";
import { writeDurably } from "./deletion-intent.js";

const KEY_FILE = "receipts.pem";
const PUBLIC_FILE = "receipts.pub.pem";

const count = z.int().min(0);

const factsSchema = z.strictObject({
  id: z.string(),
  /** SHA-256 of salt, tenant and user: who knows them can check whom the receipt is for. */
  user: z.strictObject({ salt: z.string(), hash: z.string() }),
  requestedAt: z.string(),
  completedAt: z.string(),
  /** Earlier runs that were cut off. */
  interruptions: count,
  stores: z.array(z.strictObject({ store: z.string(), removed: z.record(z.string(), count) })),
  verification: z.strictObject({
    files: count,
    bytes: count,
    /** Pieces of the user's texts that were looked for. */
    texts: count,
    /** Forms in which they were looked for, such as base64. */
    patterns: count,
    /** Pieces that others said or were told as well; their databases are not held against the deletion. */
    sharedTexts: count,
    /** Files that still hold one, relative to the project. */
    filesWithHits: z.array(z.string()),
  }),
  agentctlVersion: z.string(),
});

const receiptSchema = z.object({
  schema: z.literal(schemaName("deletion-receipt")),
  version: z.literal(1),
  receipt: factsSchema,
  contentHash: z.string(),
  signature: z.strictObject({
    algorithm: z.literal("ed25519"),
    /** DER (SPKI) in base64. */
    publicKey: z.string(),
    value: z.string(),
  }),
});

/** What a receipt states. */
export type ReceiptFacts = DeletionReceipt["receipt"];

export interface ReceiptUser {
  readonly tenantId: string;
  readonly userId: string;
}

export function hashedUser(user: ReceiptUser, salt = randomBytes(16).toString("hex")) {
  return { salt, hash: contentHash([salt, user.tenantId, user.userId]) };
}

/** Signs with the key of the project, which is made when there is none yet. */
export function signReceipt(dataFolder: string, receipt: ReceiptFacts): DeletionReceipt {
  const key = signingKey(dataFolder);
  const publicKey = createPublicKey(key).export({ type: "spki", format: "der" }).toString("base64");
  const value = sign(null, Buffer.from(canonicalJson(receipt)), key).toString("base64");
  return {
    receipt,
    contentHash: contentHash(receipt),
    signature: { algorithm: "ed25519", publicKey, value },
  };
}

/**
 * Checks a receipt.
 *
 * @param dataFolder - of the project whose key it should be signed with; `null`: any key
 * @throws {UsageError} when the file is no receipt
 */
export function checkReceipt(
  file: string,
  dataFolder: string | null,
  user: ReceiptUser | null,
): ReceiptCheck {
  const { receipt, contentHash: stated, signature } = readReceipt(file);
  const der = Buffer.from(signature.publicKey, "base64");
  const ours = dataFolder === null ? null : publicKeyOf(dataFolder);
  return {
    isGenuine: stated === contentHash(receipt) && holds(der, receipt, signature.value),
    isOurs: ours === null ? null : ours.equals(der),
    isForUser: user === null ? null : hashedUser(user, receipt.user.salt).hash === receipt.user.hash,
    keyFingerprint: createHash("sha256").update(der).digest("hex"),
    receipt,
  };
}

/** @throws {UsageError} when the file is no receipt */
export function readReceipt(file: string): DeletionReceipt {
  try {
    const {
      receipt,
      contentHash: hash,
      signature,
    } = receiptSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    return { receipt, contentHash: hash, signature };
  } catch (cause) {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const found = isMissing ? "there is no such file" : "it cannot be read as one";
    throw new UsageError(`${file}: expected a deletion receipt; ${found}`, {
      cause,
      nextStep: "`agentctl memory forget` prints the path of the receipt that it writes",
    });
  }
}

function holds(der: Buffer, receipt: ReceiptFacts, signature: string): boolean {
  try {
    const key = createPublicKey({ key: der, type: "spki", format: "der" });
    return verify(null, Buffer.from(canonicalJson(receipt)), key, Buffer.from(signature, "base64"));
  } catch {
    return false;
  }
}

function signingKey(dataFolder: string): KeyObject {
  const folder = join(dataFolder, "keys");
  try {
    return createPrivateKey(readFileSync(join(folder, KEY_FILE)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw new StoreError(`${join(folder, KEY_FILE)}: the key of receipts cannot be read`, {
        cause: error,
        nextStep: "Restore it from a copy, or move it away: a new one is made.",
      });
    }
  }
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeDurably(join(folder, PUBLIC_FILE), publicKey.export({ type: "spki", format: "pem" }).toString());
  writeDurably(join(folder, KEY_FILE), privateKey.export({ type: "pkcs8", format: "pem" }).toString(), 0o600);
  return privateKey;
}

function publicKeyOf(dataFolder: string): Buffer | null {
  try {
    const pem = readFileSync(join(dataFolder, "keys", PUBLIC_FILE));
    return createPublicKey(pem).export({ type: "spki", format: "der" });
  } catch {
    return null;
  }
}
