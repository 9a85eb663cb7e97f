/** What a canary may move by before it is rolled back. */
export interface CanaryThreshold {
  readonly change: "rise" | "drop";
  /** Above 0, in `unit`. */
  readonly amount: number;
  /** `percent`: points of a rate, a share of the reference for every other measure. */
  readonly unit: "percent" | "ms" | "usd" | "count";
  /** What a count is over, e.g. 10,000 conversations; `null` for other units, and for counts over the window. */
  readonly per: { readonly count: number; readonly of: string } | null;
  /** `control`: the old version at the same time. `baseline`: the old version before. */
  readonly reference: "control" | "baseline";
}

/** The syntax of a threshold, for editors and messages. */
export const CANARY_THRESHOLD =
  /^([+-])\s*(\d+(?:\.\d+)?)\s*(%|ms|s|usd)?(?:\s+per\s+(\d+)\s*([KM])?\s+(conversations|requests|calls))?(?:\s+vs\s+(control|baseline))?$/;

const FACTORS = { K: 1000, M: 1_000_000 } as const;

/**
 * Reads a threshold such as `-2% vs control`, `+1 per 10K conversations`, `+500ms vs baseline` or `+0.5%`. Without
 * `vs`, the reference is the control.
 *
 * @returns `null` when it is none, or its amount is 0: a canary that may not move at all would always be rolled back
 */
export function parseCanaryThreshold(text: string): CanaryThreshold | null {
  const match = CANARY_THRESHOLD.exec(text.trim());
  if (match === null) return null;
  const [, sign, amount, unit, count, factor, of, reference] = match;
  const isCount = unit === undefined;
  if (Number(amount) === 0 || (!isCount && of !== undefined) || Number(count ?? 1) === 0) return null;
  return {
    change: sign === "+" ? "rise" : "drop",
    amount: unit === "s" ? Number(amount) * 1000 : Number(amount),
    unit: unit === "%" ? "percent" : unit === "s" || unit === "ms" ? "ms" : isCount ? "count" : "usd",
    per:
      of === undefined
        ? null
        : { count: Number(count) * (factor === "K" || factor === "M" ? FACTORS[factor] : 1), of },
    reference: reference === "baseline" ? "baseline" : "control",
  };
}

/** `drops by more than 2 % against the control`. */
export function canaryThresholdWords(threshold: CanaryThreshold): string {
  const { change, amount, unit, per, reference } = threshold;
  const quantity =
    unit === "percent"
      ? `${amount} %`
      : unit === "ms"
        ? `${amount} ms`
        : unit === "usd"
          ? `$${amount}`
          : `${amount}`;
  const over = per === null ? "" : ` per ${per.count.toLocaleString("en-US")} ${per.of}`;
  return `${change}s by more than ${quantity}${over} against the ${reference}`;
}
