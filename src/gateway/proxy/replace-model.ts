const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Body of a request with another `model` at its top level; every other byte stays as it was. All of them are replaced when
 * there are several. A body without one, or that is no JSON object, comes back as it is.
 */
export function replaceModel(body: Buffer, model: string): Buffer {
  const spans = modelSpans(body);
  if (spans.length === 0) return body;
  const text = Buffer.from(JSON.stringify(model));
  const pieces: Buffer[] = [];
  let from = 0;
  for (const { start, end } of spans) {
    pieces.push(body.subarray(from, start), text);
    from = end;
  }
  pieces.push(body.subarray(from));
  return Buffer.concat(pieces);
}

interface Span {
  readonly start: number;
  /** Behind the last byte. */
  readonly end: number;
}

/** Where texts that are the value of a top-level `model` stand, with their quotes. */
function modelSpans(body: Buffer): Span[] {
  const spans: Span[] = [];
  let depth = 0;
  let isKey = false;
  let key = "";
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) {
      const end = endOfText(body, at);
      if (depth === 1 && isKey) key = textAt(body, at, end);
      else if (depth === 1 && key === "model") spans.push({ start: at, end });
      at = end - 1;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      isKey = depth === 1 && byte === 0x7b;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
    else if (byte === 0x3a && depth === 1) isKey = false;
    else if (byte === 0x2c && depth === 1) {
      isKey = true;
      key = "";
    }
  }
  return spans;
}

function endOfText(body: Buffer, start: number): number {
  for (let at = start + 1; at < body.length; at += 1) {
    if (body[at] === BACKSLASH) at += 1;
    else if (body[at] === QUOTE) return at + 1;
  }
  return body.length;
}

/** A key may be written with escapes, such as `"mod\u0065l"`. */
function textAt(body: Buffer, start: number, end: number): string {
  const text = body.toString("utf8", start, end);
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
