import type { SecretRedactor } from "./secret-redactor.js";

/** Blacks out secrets in a text that comes in pieces: what may be the start of one waits for the next piece. */
export class RedactedPieces {
  private waiting = "";

  constructor(
    private readonly redactor: SecretRedactor,
    private readonly give: (piece: string) => void,
  ) {}

  add(piece: string): void {
    const text = this.redactor.value(this.waiting + piece);
    const kept = text.length - this.redactor.openEnd(text);
    this.waiting = text.slice(kept);
    if (kept > 0) this.give(text.slice(0, kept));
  }

  /** Gives what still waits: the text is whole. */
  end(): void {
    if (this.waiting !== "") this.give(this.waiting);
    this.waiting = "";
  }
}
