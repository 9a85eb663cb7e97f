import type { IncomingMessage } from "node:http";

/** A body that came, or why none did. */
export type ReadBody = { readonly body: Buffer } | { readonly problem: "too large" | "cut" };

/** Reads the body of a request. One that is too large is not read to its end. */
export function readBody(request: IncomingMessage, mostBytes: number): Promise<ReadBody> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > mostBytes) return Promise.resolve({ problem: "too large" });
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    request.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > mostBytes) {
        request.pause();
        request.removeAllListeners("data");
        resolve({ problem: "too large" });
        return;
      }
      pieces.push(piece);
    });
    request.once("end", () => {
      const [first] = pieces;
      resolve({ body: pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces) });
    });
    request.once("error", () => resolve({ problem: "cut" }));
    request.once("close", () => resolve({ problem: "cut" }));
  });
}
