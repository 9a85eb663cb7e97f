const MARK = "[redacted]";
/** Shorter texts are no credentials, and blacking them out would damage replies. */
const MIN_SECRET_LENGTH = 8;

/** Replaces secret values by `[redacted]`. */
export interface SecretRedactor {
  /** A JSON value of the same shape without secrets, neither in keys nor in strings. */
  value<T>(value: T): T;
  /** Length of the longest end of a text that may be the start of a secret; 0 when none may. */
  openEnd(text: string): number;
}

/**
 * A redactor of some secrets, also as they stand inside a JSON string.
 *
 * @returns `null` when none of them is long enough to be a credential
 */
export function secretRedactor(secrets: readonly string[]): SecretRedactor | null {
  const long = secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  if (long.length === 0) return null;
  // The longest first: a secret that starts like a shorter one goes as a whole.
  const forms = [...new Set(long.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]))].sort(
    (a, b) => b.length - a.length,
  );
  const inText = (text: string) => forms.reduce((kept, form) => kept.replaceAll(form, MARK), text);
  return {
    value: (value) => redactValue(value, inText) as typeof value,
    openEnd: (text) => Math.max(...forms.map((form) => openEndOf(text, form))),
  };
}

/** A JSON value of the same shape with every string, keys too, put through a function. */
export function redactValue(value: unknown, inText: (text: string) => string): unknown {
  if (typeof value === "string") return inText(value);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, inText));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [inText(key), redactValue(item, inText)]),
  );
}

function openEndOf(text: string, form: string): number {
  for (let length = Math.min(form.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(form.slice(0, length))) return length;
  }
  return 0;
}
