import { sha256 } from "../core/hash.js";
import { findPii } from "../metrics/safety/pii-rules.js";

const MOST_CHARACTERS = 200;
const HASH_CHARACTERS = 16;
/** Most ids are one, and looking for personal data costs some microseconds. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/**
 * Most others have this form, such as `conv_8f3a-17`. No rule for personal data fits a text that begins with a letter and holds
 * but letters, digits, `_` and `-`, unless there is the beginning of a key or of an IBAN in it.
 */
const PLAIN = /^[A-Za-z][\w-]*$/;
const SUSPECT = /sk-|gh[pousr]_|glpat-|xox[abprs]-|AKIA|AIza|[A-Z]{2}\d\d/;

/**
 * An id as events may hold it: itself, or a hash of it when it looks like an e-mail address, a phone number, a key or
 * other personal data, or is longer than 200 characters. The same id always gives the same text, so that what belongs
 * together stays together; the split hashes the id as it came.
 */
export function redactId(id: string): string {
  if (UUID.test(id)) return id;
  if (id.length <= MOST_CHARACTERS && (isPlain(id) || findPii(id).length === 0)) return id;
  return `sha256:${sha256(id).slice(0, HASH_CHARACTERS)}`;
}

function isPlain(id: string): boolean {
  return PLAIN.test(id) && !SUSPECT.test(id);
}
