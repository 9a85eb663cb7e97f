const M = 0x5bd1e995;

/**
 * MurmurHash2 of 32 bits with seed 0, as nginx's `split_clients` hashes.
 *
 * @param text - hashed as UTF-8
 * @returns integer in [0, 2^32)
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash2.cpp
 */
export function murmurHash2(text: string): number {
  const bytes = Buffer.from(text, "utf8");
  let hash = bytes.length;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    const mixed = Math.imul(bytes.readUInt32LE(at), M);
    hash = Math.imul(hash, M) ^ Math.imul(mixed ^ (mixed >>> 24), M);
  }
  if (at < bytes.length) {
    for (let rest = bytes.length - 1; rest >= at; rest -= 1)
      hash ^= bytes.readUInt8(rest) << (8 * (rest - at));
    hash = Math.imul(hash, M);
  }
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return (hash ^ (hash >>> 15)) >>> 0;
}
