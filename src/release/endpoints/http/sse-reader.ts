/**
 * Takes a stream of server-sent events apart as it arrives. Lines end with LF, CR LF or CR; a comment and every field but
 * `event` and `data` are passed over.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class SseReader {
  private rest = "";
  private data: string[] = [];
  private event = "";

  /** @param onEvent - called for each whole event that holds data */
  constructor(private readonly onEvent: (data: string, event: string) => void) {}

  add(text: string): void {
    this.rest += text;
    for (;;) {
      const end = this.rest.search(/[\r\n]/);
      // A CR at the very end may be half of a CR LF.
      if (end === -1 || (this.rest[end] === "\r" && end === this.rest.length - 1)) return;
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + (this.rest.startsWith("\r\n", end) ? 2 : 1));
      this.line(line);
    }
  }

  /** Whether something began that did not end: the stream was cut, or its last event lacks the empty line. */
  get hasOpenEvent(): boolean {
    return this.rest.trim() !== "" || this.data.length > 0;
  }

  private line(line: string): void {
    if (line === "") {
      if (this.data.length > 0) this.onEvent(this.data.join("\n"), this.event);
      this.data = [];
      this.event = "";
      return;
    }
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (field === "data") this.data.push(value);
    if (field === "event") this.event = value;
  }
}
