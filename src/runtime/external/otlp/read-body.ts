import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";

const UNPACKERS = { gzip: promisify(gunzip), deflate: promisify(inflate) } as const;

/** A body that is not read, and the status that says so. */
export class RefusedBody extends Error {
  override readonly name = "RefusedBody";

  constructor(
    readonly status: 400 | 413 | 415,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads a request's body and unpacks it.
 *
 * @param maxBytes - of the body as sent, and unpacked: a small body may unpack to a huge one
 * @throws {RefusedBody} when it is too large, packed in an unknown way or broken
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new RefusedBody(413, `the body is larger than ${maxBytes} bytes`);
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  // The answer goes out over the same socket, which leaving a plain loop would destroy.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const packing = (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  const body = Buffer.concat(chunks);
  if (packing === "identity" || packing === "") return body;
  if (packing !== "gzip" && packing !== "deflate") {
    throw new RefusedBody(415, "the content encoding is not gzip, deflate or identity");
  }
  try {
    return await UNPACKERS[packing](body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw new RefusedBody(400, `the body is not valid ${packing}`);
  }
}
