import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { sha256 } from "../../core/hash.js";

const PREFIX = "agk_";

/**
 * A new key: 256 random bits, so that its plain SHA-256 cannot be turned back by guessing. A slow hash such as scrypt
 * protects secrets that people choose; here it would only cost every request 50 ms.
 */
export function newKey(): string {
  return PREFIX + randomBytes(32).toString("base64url");
}

/** What is stored of a key: its SHA-256, lower-case hex. */
export function hashOfKey(key: string): string {
  return sha256(key);
}

/** The key that a request presents: `Authorization: Bearer`, else `x-api-key` as Anthropic's clients do; else `null`. */
export function presentedKey(headers: IncomingHttpHeaders): string | null {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];
  if (bearer !== undefined) return bearer;
  const plain = headers["x-api-key"];
  return typeof plain === "string" && plain !== "" ? plain : null;
}
