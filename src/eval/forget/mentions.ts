/** Ids of at least this length occur nowhere by accident. */
const UNIQUE_LENGTH = 16;

/**
 * Whether a text names one of some conversations or cases. Long ids (those that agentctl makes have 36 characters) count wherever
 * they stand; shorter ones only as a whole JSON string or behind `session:`, so that `a1` is not found in other words.
 */
export function mentionsOf(names: readonly string[]): (text: string) => boolean {
  const ids = names.map((id) => ({ id, forms: formsOf(id) }));
  return (text) =>
    ids.some(({ id, forms }) => text.includes(id) && forms.some((form) => text.includes(form)));
}

function formsOf(id: string): readonly string[] {
  if (id.length >= UNIQUE_LENGTH) return [id];
  return [JSON.stringify(id), `session:${id}"`, `>${id}<`];
}
