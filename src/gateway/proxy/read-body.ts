import type { IncomingMessage } from "node:http";

/**
 * Reads the body of a request. One that is too large is not read to its end.
 *
 * @param onRead - called once: `null` when it is too large. Not called when the client goes away before the end.
 */
export function readBody(
  request: IncomingMessage,
  mostBytes: number,
  onRead: (body: Buffer | null) => void,
): void {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > mostBytes) {
    onRead(null);
    return;
  }
  const pieces: Buffer[] = [];
  let bytes = 0;
  request.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= mostBytes) {
      pieces.push(piece);
      return;
    }
    request.pause();
    request.removeAllListeners("data");
    onRead(null);
  });
  request.on("end", () => {
    const [first] = pieces;
    onRead(pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces));
  });
}
