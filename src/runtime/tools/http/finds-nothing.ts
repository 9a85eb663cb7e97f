/** Names under which services put the entries of a list. */
const ENTRIES = new Set([
  "data",
  "items",
  "results",
  "records",
  "entries",
  "values",
  "value",
  "hits",
  "edges",
]);

/** What stands beside the entries of a list and says nothing of any entry. */
const BESIDE =
  /^(?:object|kind|meta|metadata|pagination|paging|links|_links|url|self|has_?more|(?:next|prev|previous|first|last)(?:_?(?:page|cursor|token|page_?token|url|link))?|cursor|page(?:_?(?:size|info|number|count))?|per_?page|limit|offset|size|count|total(?:_?(?:count|size|items|pages|results))?)$/i;

/**
 * Whether the answer to a search is that there is nothing: an empty list, bare or in the envelope that many services put
 * around one. An object that has anything of its own, such as an id, is something that was found, empty lists in it or not.
 *
 * @param body - of an answer with a status of 2xx
 */
export function findsNothing(body: string): boolean {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return false;
  }
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== "object" || value === null) return false;
  const entries = Object.entries(value);
  const lists = entries.filter(([key]) => ENTRIES.has(key));
  const others = entries.filter(([key]) => !ENTRIES.has(key));
  return (
    lists.length > 0 &&
    lists.every(([, list]) => Array.isArray(list) && list.length === 0) &&
    others.every(([key]) => BESIDE.test(key))
  );
}
