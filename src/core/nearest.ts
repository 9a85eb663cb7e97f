import { distance } from "fastest-levenshtein";

/**
 * The candidate that a mistyped name most likely means, or `undefined` when none is close.
 *
 * Case, `-`, `_`, `.` and spaces do not count as differences. A name that is the last part of a dotted or
 * slashed candidate (`hit_rate` for `retrieval.hit_rate`) counts as close, and so does a
 * longer or shorter form (`minimum` for `min`). Otherwise at most one edit in
 * three characters is allowed. Ties go to the earlier candidate.
 *
 * @see Levenshtein 1966, through fastest-levenshtein
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(name);
  let best: string | undefined;
  let bestEdits = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const edits = Math.min(editsBetween(wanted, fold(candidate)), editsToLastPart(wanted, candidate));
    const isLongerForm = isPrefixOf(wanted, fold(candidate)) || isPrefixOf(fold(candidate), wanted);
    if (edits < bestEdits || (best === undefined && isLongerForm)) {
      best = candidate;
      bestEdits = Math.min(edits, bestEdits);
    }
  }
  return best;
}

/** `; did you mean \`x\`?` for the nearest candidate, or an empty text when none is close. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const suggestion = nearest(name, candidates);
  return suggestion === undefined ? "" : `; did you mean \`${suggestion}\`?`;
}

/** Names as "`a`, `b` and 3 more": at most `limit` of them, in the order given. */
export function listNames(names: readonly string[], limit = 12): string {
  const shown = names.slice(0, limit).map((name) => `\`${name}\``);
  const hidden = names.length - shown.length;
  return hidden > 0 ? `${shown.join(", ")} and ${hidden} more` : shown.join(", ");
}

const MAX_COMPARED_LENGTH = 200;
const MIN_PREFIX_LENGTH = 3;

function fold(name: string): string {
  return name
    .slice(0, MAX_COMPARED_LENGTH)
    .toLowerCase()
    .replace(/[-_.\s]/g, "");
}

function editsBetween(a: string, b: string): number {
  // A wholly replaced short name is no typing error: `a` is not near `b`.
  const edits = isTransposed(a, b) ? 1 : distance(a, b);
  return edits < Math.min(a.length, b.length) ? edits : Number.POSITIVE_INFINITY;
}

/** Whether only the order of letters differs, the commonest slip in a short name: `hihg` for `high`. */
function isTransposed(a: string, b: string): boolean {
  return (
    a !== b && a.length === b.length && a[0] === b[0] && [...a].sort().join("") === [...b].sort().join("")
  );
}

function isPrefixOf(short: string, long: string): boolean {
  return short.length >= MIN_PREFIX_LENGTH && long.startsWith(short);
}

function editsToLastPart(wanted: string, candidate: string): number {
  const parts = candidate.split(/[./]/);
  if (parts.length < 2) return Number.POSITIVE_INFINITY;
  // Half an edit behind: a candidate that matches as a whole wins over one that matches in part.
  return editsBetween(wanted, fold(parts.at(-1) ?? "")) + 0.5;
}
