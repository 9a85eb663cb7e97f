/** Ids of at least this length occur nowhere by accident. */
const UNIQUE_LENGTH = 16;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * Whether a text names one of some conversations or cases. Long ids (those that agentctl makes are UUIDs) count wherever
 * they stand; shorter ones only as a whole JSON string or attribute, between tags, or behind `session:`, so that `a1` is
 * not found in other words. Markdown writes some characters of an id as `&#45;`.
 */
export function mentionsOf(names: readonly string[]): (text: string) => boolean {
  // One pass over a text for all of them: a user may have had thousands of conversations.
  const uuids = new Set(names.filter((id) => id.replace(UUID, "") === ""));
  const others = names.filter((id) => !uuids.has(id)).flatMap(formsOf);
  return (text) => {
    const plain = text.includes("&#") ? text.replace(/&#(\d{2,3});/g, characterOf) : text;
    if (others.some((form) => plain.includes(form))) return true;
    return uuids.size > 0 && (plain.match(UUID) ?? []).some((found) => uuids.has(found));
  };
}

function formsOf(id: string): readonly string[] {
  const quoted = JSON.stringify(id);
  if (id.length >= UNIQUE_LENGTH) return [id, quoted.slice(1, -1)];
  return [quoted, `session:${quoted.slice(1)}`, `>${id}<`];
}

function characterOf(_entity: string, code: string): string {
  return String.fromCodePoint(Number(code));
}
