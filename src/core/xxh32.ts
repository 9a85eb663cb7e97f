const PRIME = [2654435761, 2246822519, 3266489917, 668265263, 374761393] as const;

/**
 * xxHash of 32 bits, as HAProxy's `xxh32` gives it with seed 0, so that every router puts an id into the same bucket.
 *
 * @param text - hashed as UTF-8
 * @returns integer in [0, 2^32)
 * @see https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 */
export function xxh32(text: string, seed = 0): number {
  const bytes = Buffer.from(text, "utf8");
  const [p1, p2, p3, p4, p5] = PRIME;
  let at = 0;
  let hash = (seed + p5) | 0;
  if (bytes.length >= 16) {
    const lanes: [number, number, number, number] = [
      (seed + p1 + p2) | 0,
      (seed + p2) | 0,
      seed | 0,
      (seed - p1) | 0,
    ];
    for (; at + 16 <= bytes.length; at += 16) {
      for (let lane = 0; lane < 4; lane += 1) {
        const mixed = ((lanes[lane] as number) + Math.imul(bytes.readUInt32LE(at + 4 * lane), p2)) | 0;
        lanes[lane] = Math.imul(rotate(mixed, 13), p1);
      }
    }
    hash = (rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18)) | 0;
  }
  hash = (hash + bytes.length) | 0;
  for (; at + 4 <= bytes.length; at += 4) {
    hash = Math.imul(rotate((hash + Math.imul(bytes.readUInt32LE(at), p3)) | 0, 17), p4);
  }
  for (; at < bytes.length; at += 1) {
    hash = Math.imul(rotate((hash + Math.imul(bytes.readUInt8(at), p5)) | 0, 11), p1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), p2);
  hash = Math.imul(hash ^ (hash >>> 13), p3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
