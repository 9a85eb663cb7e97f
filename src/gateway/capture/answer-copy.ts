/** The bytes of an answer, kept on the side until there are too many. */
export class AnswerCopy {
  readonly #mostBytes: number;
  #pieces: Buffer[] = [];
  #length = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  add(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length <= this.#mostBytes) this.#pieces.push(piece);
    else this.#pieces = [];
  }

  /** `null` when the answer was longer than is kept. */
  bytes(): Buffer | null {
    return this.#length <= this.#mostBytes ? Buffer.concat(this.#pieces) : null;
  }
}
