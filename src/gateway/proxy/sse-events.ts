/** An event whose data is longer is passed over: nothing that is read here is. */
const MOST_CHARACTERS = 1024 * 1024;

/**
 * Cuts a stream of server-sent events into the data of its events. Pieces may be cut anywhere; lines end in LF, CRLF or CR.
 * Texts come as Latin-1: their bytes, so that a character cut in two does no harm; JSON of it has the same shape.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class SseEvents {
  readonly #onData: (data: string) => void;
  /** Start of a line that has not ended. */
  #rest = "";
  #data: string | null = null;
  #isTooLong = false;
  /** The piece before ended in CR: a LF that follows belongs to it. */
  #endedInCr = false;

  constructor(onData: (data: string) => void) {
    this.#onData = onData;
  }

  push(piece: Buffer): void {
    let text = piece.toString("latin1");
    if (this.#endedInCr && text.startsWith("\n")) text = text.slice(1);
    if (text === "") return;
    this.#endedInCr = text.endsWith("\r");
    const nextEnd = text.includes("\r") ? endOfLine : endOfLfLine;
    let from = 0;
    for (let end = nextEnd(text, from); end !== -1; end = nextEnd(text, from)) {
      this.#line(this.#rest === "" ? text.slice(from, end) : this.#rest + text.slice(from, end));
      this.#rest = "";
      from = end + (text[end] === "\r" && text[end + 1] === "\n" ? 2 : 1);
    }
    if (from < text.length) this.#keep(text.slice(from));
  }

  #keep(start: string): void {
    if (this.#rest.length + start.length > MOST_CHARACTERS) this.#isTooLong = true;
    else this.#rest += start;
  }

  #line(line: string): void {
    if (line === "") {
      const data = this.#data;
      this.#data = null;
      if (data !== null && !this.#isTooLong) this.#onData(data);
      this.#isTooLong = false;
      return;
    }
    if (!line.startsWith("data:")) return;
    const value = line.charCodeAt(5) === 0x20 ? line.slice(6) : line.slice(5);
    if ((this.#data?.length ?? 0) + value.length > MOST_CHARACTERS) this.#isTooLong = true;
    else this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
  }
}

function endOfLfLine(text: string, from: number): number {
  return text.indexOf("\n", from);
}

function endOfLine(text: string, from: number): number {
  const lf = text.indexOf("\n", from);
  const cr = text.indexOf("\r", from);
  if (cr === -1) return lf;
  return lf === -1 || cr < lf ? cr : lf;
}
