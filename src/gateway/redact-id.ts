import { sha256 } from "../core/hash.js";
import { findPii } from "../metrics/safety/pii-rules.js";

const MOST_CHARACTERS = 200;
const HASH_CHARACTERS = 16;

/**
 * An id as events may hold it: itself, or a hash of it when it looks like an e-mail address, a phone number, a key or
 * other personal data, or is longer than 200 characters. The same id always gives the same text, so that what belongs
 * together stays together; the split hashes the id as it came.
 */
export function redactId(id: string): string {
  if (id.length <= MOST_CHARACTERS && findPii(id).length === 0) return id;
  return `sha256:${sha256(id).slice(0, HASH_CHARACTERS)}`;
}
