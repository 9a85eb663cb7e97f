import type { Subject } from "../../core/judgement.js";
import type { KappaWeights } from "../../stats/cohen-kappa.js";
import { raterAgreement } from "../rater-agreement.js";
import type { JoinedItem } from "./join-judgements.js";

/** Agreement on the items of one slice. */
export interface SliceAgreement {
  /** What it is grouped by, e.g. `risk`. */
  readonly by: string;
  readonly slice: string;
  readonly n: number;
  /** Share of items with the same label, in [0, 1]. */
  readonly accuracy: number | null;
  /** `null` below `FEWEST_IN_SLICE` items, and where it is not defined. */
  readonly kappa: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Items below which the kappa of a slice says nothing. */
export const FEWEST_IN_SLICE = 10;
/** Of a field with more values, and of groups of like cases, only slices with a kappa are shown. */
const MOST_SLICES = 20;

/**
 * Agreement slice by slice, by name; each of several tags is a slice of its own. A field with one value alone is left out:
 * its slice is everything.
 */
export function sliceAgreement(
  items: readonly JoinedItem[],
  subjectOf: (item: string) => Subject | null,
  options: { readonly categories: readonly string[]; readonly weights: KappaWeights; readonly level: number },
): readonly SliceAgreement[] {
  const fields = new Map<string, Map<string, JoinedItem[]>>();
  for (const item of items) {
    for (const [by, value] of Object.entries(subjectOf(item.item)?.slices ?? {})) {
      const slices = fields.get(by) ?? new Map<string, JoinedItem[]>();
      fields.set(by, slices);
      const names = by === "tag" ? value.split(",").map((tag) => tag.trim()) : [value];
      for (const slice of new Set(names.filter((name) => name !== ""))) {
        const members = slices.get(slice);
        if (members === undefined) slices.set(slice, [item]);
        else members.push(item);
      }
    }
  }
  return [...fields]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([, slices]) => [...slices.values()].some(({ length }) => length < items.length))
    .flatMap(([by, slices]) =>
      [...slices]
        .filter(
          ([, { length }]) => length >= FEWEST_IN_SLICE || (slices.size <= MOST_SLICES && by !== "group"),
        )
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([slice, members]) => ({ by, slice, ...agreementOf(members, options) })),
    );
}

function agreementOf(
  members: readonly JoinedItem[],
  { categories, weights, level }: Parameters<typeof sliceAgreement>[2],
): Omit<SliceAgreement, "by" | "slice"> {
  const position = (label: string) => categories.indexOf(label);
  const { n, agreement, kappa } = raterAgreement(
    members.map(({ truth }) => position(truth)),
    members.map(({ judged }) => position(judged)),
    { categoryCount: categories.length, weights, level },
  );
  const hasEnough = n >= FEWEST_IN_SLICE;
  return {
    n,
    accuracy: agreement,
    kappa: hasEnough ? kappa.kappa : null,
    lower: hasEnough ? kappa.lower : null,
    upper: hasEnough ? kappa.upper : null,
  };
}
