/** Ids of at least this length occur nowhere by accident. */
const UNIQUE_LENGTH = 16;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TRIAL_HASH = /@[0-9a-f]{12}(?![0-9a-f])/g;

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
    const plain = plainOf(text);
    if (others.some((form) => plain.includes(form))) return true;
    return uuids.size > 0 && (plain.match(UUID) ?? []).some((found) => uuids.has(found));
  };
}

/**
 * Whether a text names one of some judged items: those of trials (`case/0@0a1b2c3d4e5f`) wherever they stand, others as
 * the item of a JSON record alone.
 */
export function mentionsOfItems(items: readonly string[]): (text: string) => boolean {
  const trials = new Map<string, string[]>();
  const others: string[] = [];
  for (const item of items) {
    const quoted = JSON.stringify(item);
    const [hash] = item.match(TRIAL_HASH)?.slice(-1) ?? [];
    if (hash === undefined) others.push(`"item":${quoted}`, `"item": ${quoted}`);
    else trials.set(hash, [...(trials.get(hash) ?? []), item, quoted.slice(1, -1)]);
  }
  return (text) => {
    const plain = plainOf(text);
    if (others.some((form) => plain.includes(form))) return true;
    if (trials.size === 0) return false;
    const hashes = new Set(plain.match(TRIAL_HASH));
    return [...hashes].some((hash) => trials.get(hash)?.some((form) => plain.includes(form)));
  };
}

function plainOf(text: string): string {
  return text.includes("&#") ? text.replace(/&#(\d{2,3});/g, characterOf) : text;
}

function formsOf(id: string): readonly string[] {
  const quoted = JSON.stringify(id);
  if (id.length >= UNIQUE_LENGTH) return [id, quoted.slice(1, -1)];
  return [quoted, `session:${quoted.slice(1)}`, `>${id}<`];
}

function characterOf(_entity: string, code: string): string {
  return String.fromCodePoint(Number(code));
}
