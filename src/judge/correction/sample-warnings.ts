import { fisherExact } from "../../stats/fisher-exact.js";
import type { EstimatedItem } from "./corrected-estimate.js";

/** p of all comparisons together below which labelled items are said not to be a random sample (Bonferroni). */
const DOUBT_BELOW = 0.01;
/** A field with more values names items, not groups. */
const MOST_VALUES = 20;
const MOST_WARNINGS = 3;

/**
 * Where the labelled items differ from the others more than chance would have it: by a value of a slice, or by what the
 * judge said of them.
 */
export function sampleWarnings(
  labelled: readonly EstimatedItem[],
  others: readonly EstimatedItem[],
): readonly string[] {
  if (labelled.length === 0 || others.length === 0) return [];
  const all = [...labelled, ...others];
  const names = [...new Set(all.flatMap(({ slices }) => Object.keys(slices)))];
  const sliced = names.flatMap((name) => {
    const values = new Set(all.flatMap((one) => valuesOf(one, name)));
    if (values.size > MOST_VALUES) return [];
    return [...values].map((value) => ({
      what: `${name} ${value}`,
      has: (one: EstimatedItem) => valuesOf(one, name).includes(value),
    }));
  });
  const verdicts = [...new Set(all.flatMap(({ judged }) => judged ?? []))].map((value) => ({
    what: `the verdict ${value}`,
    has: (one: EstimatedItem) => one.judged === value,
  }));
  const groups = [...sliced, ...verdicts];
  return groups
    .map(({ what, has }) => {
      const inside = labelled.filter(has).length;
      const outside = others.filter(has).length;
      const { p } = fisherExact(
        [
          [inside, labelled.length - inside],
          [outside, others.length - outside],
        ],
        "two-sided",
      );
      return { what, inside, outside, p: p ?? 1 };
    })
    .filter(({ p }) => p < DOUBT_BELOW / groups.length)
    .sort((a, b) => a.p - b.p)
    .slice(0, MOST_WARNINGS)
    .map(
      ({ what, inside, outside }) =>
        `the labelled items are no random sample: ${inside} of ${labelled.length} of them have ${what}, ` +
        `and ${outside} of the ${others.length} others; label items drawn at random`,
    );
}

function valuesOf({ slices }: EstimatedItem, name: string): readonly string[] {
  const value = Object.hasOwn(slices, name) ? slices[name] : undefined;
  return value === undefined ? [] : value.split(",");
}
