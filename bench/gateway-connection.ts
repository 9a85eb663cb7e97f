import { connect, type Socket } from "node:net";

const HEAD_END = "\r\n\r\n";

/**
 * A kept connection that sends a request as ready bytes and counts the bytes of its answer, which says its length. On a machine
 * that client and servers share, a client of HTTP would cost as much as what it measures.
 */
export class Connection {
  readonly #socket: Socket;
  #head = "";
  /** Of the body that is to come; -1 while the head is. */
  #missing = -1;
  #isOk = false;
  #onAnswer: ((isOk: boolean) => void) | null = null;

  constructor(origin: string) {
    const { hostname, port } = new URL(origin);
    const onread = {
      buffer: Buffer.alloc(64 * 1024),
      callback: (length: number, buffer: Uint8Array) => {
        this.#read(Buffer.from(buffer.buffer, buffer.byteOffset, length));
        return true;
      },
    };
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true, onread });
    this.#socket.on("error", () => {});
    this.#socket.on("close", () => this.#end(false));
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** @param onAnswer - told whether a whole answer with status 200 came */
  ask(request: string, onAnswer: (isOk: boolean) => void): void {
    this.#onAnswer = onAnswer;
    if (this.#socket.destroyed) this.#end(false);
    else this.#socket.write(request, "latin1");
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(piece: Buffer): void {
    if (this.#missing >= 0) {
      this.#missing -= piece.length;
    } else {
      this.#head += piece.toString("latin1");
      const end = this.#head.indexOf(HEAD_END);
      if (end === -1) return;
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(this.#head)?.[1]);
      this.#isOk = this.#head.startsWith("HTTP/1.1 200 ");
      this.#missing = length - (this.#head.length - end - HEAD_END.length);
      this.#head = "";
    }
    if (this.#missing === 0) this.#end(this.#isOk);
    // Without a length, or with more than it, nobody could say where an answer ends.
    else if (!(this.#missing > 0)) this.#socket.destroy();
  }

  #end(isOk: boolean): void {
    const onAnswer = this.#onAnswer;
    this.#onAnswer = null;
    this.#missing = -1;
    onAnswer?.(isOk);
  }
}
