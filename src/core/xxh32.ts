const P1 = 2654435761 | 0;
const P2 = 2246822519 | 0;
const P3 = 3266489917 | 0;
const P4 = 668265263;
const P5 = 374761393;

/** Ids are short. Their bytes go here, since a buffer for each costs more than hashing it. */
const SHORT = new Uint8Array(256);

/**
 * xxHash of 32 bits, as HAProxy's `xxh32` gives it with seed 0, so that every router puts an id into the same bucket.
 *
 * @param text - hashed as UTF-8
 * @returns integer in [0, 2^32)
 * @see https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 */
export function xxh32(text: string, seed = 0): number {
  return isShortAscii(text)
    ? hashOf(SHORT, text.length, seed)
    : hashOf(Buffer.from(text, "utf8"), null, seed);
}

/** Puts the bytes of a short text into {@link SHORT}; of ASCII they are its characters. */
function isShortAscii(text: string): boolean {
  if (text.length > SHORT.length) return false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127) return false;
    SHORT[at] = code;
  }
  return true;
}

function hashOf(bytes: Uint8Array, known: number | null, seed: number): number {
  const length = known ?? bytes.length;
  let at = 0;
  let hash = (seed + P5) | 0;
  if (length >= 16) {
    let [a, b, c, d] = [(seed + P1 + P2) | 0, (seed + P2) | 0, seed | 0, (seed - P1) | 0];
    for (; at + 16 <= length; at += 16) {
      a = mixed(a, word(bytes, at));
      b = mixed(b, word(bytes, at + 4));
      c = mixed(c, word(bytes, at + 8));
      d = mixed(d, word(bytes, at + 12));
    }
    hash = (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0;
  }
  hash = (hash + length) | 0;
  for (; at + 4 <= length; at += 4) {
    hash = Math.imul(rotate((hash + Math.imul(word(bytes, at), P3)) | 0, 17), P4);
  }
  for (; at < length; at += 1) {
    hash = Math.imul(rotate((hash + Math.imul(bytes[at] as number, P5)) | 0, 11), P1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), P2);
  hash = Math.imul(hash ^ (hash >>> 13), P3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Four bytes, the lowest first. */
function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function mixed(lane: number, input: number): number {
  return Math.imul(rotate((lane + Math.imul(input, P2)) | 0, 13), P1);
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
