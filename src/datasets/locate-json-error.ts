import { quoteShort } from "../config/found-and-wanted.js";
import { MAX_JSON_DEPTH } from "./check-json-keys.js";

/** Where and why a text is not JSON. */
export interface JsonError {
  /** 0-based offset in UTF-16 code units. */
  readonly offset: number;
  /** What was found, what is wanted, what to do. */
  readonly message: string;
}

const WORDS_OF_OTHER_LANGUAGES = new Map([
  ["None", "null"],
  ["True", "true"],
  ["False", "false"],
  ["undefined", "null"],
  ["NaN", "null"],
  ["Infinity", "null"],
  ["-Infinity", "null"],
]);

/**
 * Finds the first place where a text stops being one JSON value, or `null` when it is one. The built-in
 * parser gives no offset for many errors, and words them differently from release to release.
 *
 * @see RFC 8259
 */
export function locateJsonError(text: string): JsonError | null {
  try {
    new JsonReader(text).readWhole();
    return null;
  } catch (error) {
    if (error instanceof JsonStop) return { offset: error.offset, message: error.message };
    throw error;
  }
}

class JsonStop extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

class JsonReader {
  private offset = 0;

  constructor(private readonly text: string) {}

  readWhole(): void {
    this.readValue(0);
    this.skipSpace();
    const rest = this.text[this.offset];
    if (rest === undefined) return;
    if (rest === ",") this.stop("a comma after the value; remove it");
    if (rest === "{") this.stop("a second object on the line; put each case on its own line");
    this.stop(`text after the value: ${quoteShort(this.text.slice(this.offset))}`);
  }

  private readValue(depth: number): void {
    if (depth > MAX_JSON_DEPTH) this.stop(`nested deeper than ${MAX_JSON_DEPTH} levels`);
    this.skipSpace();
    const first = this.text[this.offset];
    if (first === "{") this.readMembers("}", depth, true);
    else if (first === "[") this.readMembers("]", depth, false);
    else if (first === '"') this.readString();
    else this.readLiteral();
  }

  private readMembers(close: "}" | "]", depth: number, hasKeys: boolean): void {
    this.offset++;
    this.skipSpace();
    if (this.text[this.offset] === close) {
      this.offset++;
      return;
    }
    for (;;) {
      if (hasKeys) this.readKey();
      this.readValue(depth + 1);
      this.skipSpace();
      const next = this.text[this.offset];
      if (next !== "," && next !== close) this.stop(`expected \`,\` or \`${close}\`, found ${this.found()}`);
      const comma = this.offset++;
      if (next === close) return;
      this.skipSpace();
      if (this.text[this.offset] === close) this.stop(`a comma before \`${close}\`; remove it`, comma);
    }
  }

  private readKey(): void {
    this.skipSpace();
    const first = this.text[this.offset];
    if (first === "'") this.stop("a key in single quotes; JSON wants double quotes");
    if (first !== '"') this.stop(`expected a key in double quotes, found ${this.found()}`);
    this.readString();
    this.skipSpace();
    if (this.text[this.offset] !== ":") this.stop(`expected \`:\` after the key, found ${this.found()}`);
    this.offset++;
  }

  private readString(): void {
    const start = this.offset++;
    for (;;) {
      const char = this.text[this.offset];
      if (char === undefined) this.stop("a string that never closes; add the missing double quote", start);
      if (char === '"') break;
      if (char < " ") this.stop("a raw control character in a string; write it as \\n, \\t or \\u00XX");
      if (
        char === "\\" &&
        !/^\\(["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(this.text.slice(this.offset, this.offset + 6))
      ) {
        this.stop("a backslash that escapes nothing; write \\\\ for a backslash");
      }
      this.offset += char === "\\" ? 2 : 1;
    }
    this.offset++;
  }

  private readLiteral(): void {
    const word = /^[^\s,:{}[\]"]*/.exec(this.text.slice(this.offset, this.offset + 100))?.[0] ?? "";
    const isLiteral = /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?)$/.test(word);
    if (!isLiteral) this.stop(this.complaintAbout(word));
    this.offset += word.length;
  }

  private complaintAbout(word: string): string {
    const wanted = WORDS_OF_OTHER_LANGUAGES.get(word);
    if (wanted !== undefined) return `\`${word}\` is not JSON; write ${wanted}`;
    if (word.startsWith("'")) return "a string in single quotes; JSON wants double quotes";
    if (word.startsWith("#") || word.startsWith("//")) return "a comment; JSONL has none, remove it";
    if (/^[-+.\d]/.test(word)) return `\`${word}\` is not a JSON number`;
    return `expected a value, found ${this.found()}`;
  }

  private found(): string {
    const rest = this.text.slice(this.offset, this.offset + 100);
    const word = /^(\w+|.)/su.exec(rest)?.[0];
    if (word === undefined) return "the end of the line";
    // A no-break space or a zero-width character would look like nothing between the quotes.
    if (/^[\s\p{C}]/u.test(word)) return `the invisible character U+${hexOf(word)}; remove it`;
    return `\`${word.slice(0, 20)}\``;
  }

  private skipSpace(): void {
    while (/[ \t\n\r]/.test(this.text[this.offset] ?? "x")) this.offset++;
  }

  private stop(message: string, offset = this.offset): never {
    throw new JsonStop(offset, message);
  }
}

function hexOf(char: string): string {
  return (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
