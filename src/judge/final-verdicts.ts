import type { VerdictEntry } from "../core/judgement.js";

/** How votes and orders become one verdict. */
export interface VerdictRules {
  readonly aggregation: "majority" | "median" | "mean";
  /** All labels in order. */
  readonly categories: readonly string[];
  /** Label that a verdict gets which differs between the orders; `null`: the first order alone counts. */
  readonly flipIs: string | null;
}

/** What a judge says of an item. */
export interface FinalVerdict {
  readonly item: string;
  /** `null` when no vote can be used, or when as many votes say one thing as another. */
  readonly value: string | null;
  /** Of the first order alone. */
  readonly first: string | null;
  /** Of the swapped order alone; `undefined` when it was not asked. */
  readonly swapped: string | null | undefined;
  /** Mean of the votes on an ordinal scale, or mean share of claims; `null` where there is none. */
  readonly score: number | null;
  /** Votes of all orders. */
  readonly votes: readonly VerdictEntry[];
}

/**
 * Combines the votes of one version of a judge, by item in the order in which items first occur. Each order has its
 * verdict; then the two are compared.
 */
export function finalVerdicts(
  entries: readonly VerdictEntry[],
  rules: VerdictRules,
): readonly FinalVerdict[] {
  const items = new Map<string, VerdictEntry[]>();
  for (const entry of entries) {
    const votes = items.get(entry.item);
    if (votes === undefined) items.set(entry.item, [entry]);
    else votes.push(entry);
  }
  return [...items].map(([item, votes]) => finalVerdict(item, votes, rules));
}

function finalVerdict(item: string, votes: readonly VerdictEntry[], rules: VerdictRules): FinalVerdict {
  const of = (order: VerdictEntry["order"]) => votes.filter((vote) => vote.order === order);
  const first = combined(of("first"), rules);
  const isSwapped = of("swapped").length > 0;
  const swapped = isSwapped ? combined(of("swapped"), rules) : undefined;
  const hasFlipped = rules.flipIs !== null && isSwapped && first !== swapped;
  const isKnown = first !== null && swapped !== null;
  return {
    item,
    value: hasFlipped ? (isKnown ? rules.flipIs : null) : first,
    first,
    swapped,
    score: scoreOf(votes),
    votes,
  };
}

function combined(votes: readonly VerdictEntry[], { aggregation, categories }: VerdictRules): string | null {
  const values = votes.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length === 0) return null;
  if (aggregation === "majority") {
    const counts = categories.map((category) => values.filter((value) => value === category).length);
    const most = Math.max(...counts);
    const leaders = categories.filter((_, index) => counts[index] === most);
    return leaders.length === 1 ? (leaders[0] ?? null) : null;
  }
  const numbers = values.map(Number).sort((a, b) => a - b);
  const wanted =
    aggregation === "mean"
      ? numbers.reduce((sum, value) => sum + value, 0) / numbers.length
      : ((numbers[Math.floor((numbers.length - 1) / 2)] ?? 0) +
          (numbers[Math.ceil((numbers.length - 1) / 2)] ?? 0)) /
        2;
  return nearestGrade(wanted, categories);
}

/** Of two grades that are equally near the lower one: a judge gets no benefit of the doubt. */
function nearestGrade(wanted: number, categories: readonly string[]): string | null {
  return categories.reduce<string | null>(
    (best, grade) =>
      best === null || Math.abs(Number(grade) - wanted) < Math.abs(Number(best) - wanted) ? grade : best,
    null,
  );
}

function scoreOf(votes: readonly VerdictEntry[]): number | null {
  const numbers = votes.flatMap(({ share, value }) => {
    if (share !== null) return [share];
    return value !== null && value.trim() !== "" && Number.isFinite(Number(value)) ? [Number(value)] : [];
  });
  return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
