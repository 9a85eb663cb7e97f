/**
 * Takes the text of a stream in pieces and gives the data of each whole event: of server-sent events, or one JSON
 * value a line. What has no end is no event: a server-sent event ends in an empty line.
 *
 * @see WHATWG HTML, section 9.2.6, for server-sent events
 */
export class StreamEvents {
  /** Pieces of the line that has not ended. */
  private open: string[] = [];
  private data: string[] = [];
  private endedInReturn = false;

  constructor(
    private readonly format: "sse" | "json_lines",
    private readonly onEvent: (data: string) => void,
  ) {}

  add(text: string): void {
    if (text === "") return;
    // The line feed of a CRLF that was cut in two ends nothing more.
    let from = this.endedInReturn && text.startsWith("\n") ? 1 : 0;
    for (const { 0: found, index } of text.matchAll(/\r\n|\n|\r/g)) {
      if (index < from) continue;
      this.open.push(text.slice(from, index));
      this.line(this.open.join(""));
      this.open = [];
      from = index + found.length;
    }
    this.open.push(text.slice(from));
    this.endedInReturn = text.endsWith("\r");
  }

  /** The stream is over. A last line of JSON needs no line end. */
  end(): void {
    if (this.format === "json_lines") this.line(this.open.join(""));
    this.open = [];
  }

  private line(line: string): void {
    if (this.format === "json_lines") {
      if (line.trim() !== "") this.onEvent(line);
      return;
    }
    if (line === "") {
      const { data } = this;
      this.data = [];
      if (data.length > 0) this.onEvent(data.join("\n"));
      return;
    }
    if (line === "data") this.data.push("");
    else if (line.startsWith("data:")) this.data.push(line.slice(line[5] === " " ? 6 : 5));
  }
}
