/** Property elements of JUnit XML, a line each. */
export function properties(values: { readonly [name: string]: string }, indent: number): string[] {
  return Object.entries(values).map(
    ([name, value]) => `${" ".repeat(indent)}<property ${attributes({ name, value })}/>`,
  );
}

/** Attributes of an element, escaped. */
export function attributes(values: { readonly [name: string]: string | number }): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        `${name}="${escapeXml(String(value)).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")}"`,
    )
    .join(" ");
}

/** Everything that XML 1.0 forbids even as an entity, half surrogate pairs included. */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text of an element or a quoted attribute. Characters that XML forbids become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(FORBIDDEN, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;")
    .replaceAll("\r", "&#13;");
}
