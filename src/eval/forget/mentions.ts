/** Ids of at least this length occur nowhere by accident. */
const UNIQUE_LENGTH = 16;

/**
 * Whether a text names one of some conversations or cases. Long ids (those that agentctl makes have 36 characters) count
 * wherever they stand; shorter ones only as a whole JSON string or attribute, between tags, or behind `session:`, so that
 * `a1` is not found in other words. Markdown writes some characters of an id as `&#45;`.
 */
export function mentionsOf(names: readonly string[]): (text: string) => boolean {
  const ids = names.map((id) => ({ id, forms: formsOf(id) }));
  return (text) => {
    const plain = text.includes("&#") ? text.replace(/&#(\d{2,3});/g, characterOf) : text;
    return ids.some(({ id, forms }) => plain.includes(id) && forms.some((form) => plain.includes(form)));
  };
}

function formsOf(id: string): readonly string[] {
  if (id.length >= UNIQUE_LENGTH) return [id];
  return [JSON.stringify(id), `session:${id}"`, `>${id}<`];
}

function characterOf(_entity: string, code: string): string {
  return String.fromCodePoint(Number(code));
}
