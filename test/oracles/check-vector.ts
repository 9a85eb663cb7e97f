import { StatisticsError } from "../../src/stats/statistics-error.js";
import { adapter } from "./adapter/index.js";
import type { Fields, Vector } from "./vector.js";

/**
 * What is wrong with our answer to a vector; empty when it agrees.
 *
 * A number agrees within `abs + rel * |expected|`; texts, booleans and `null` must be equal; fields that only our
 * answer has are ignored; `expected: {"error": true}` wants a {@link StatisticsError}.
 */
export function missesOf(vector: Vector): string[] {
  const compute = adapter[vector.fn];
  if (compute === undefined) return [`no function for "${vector.fn}"`];
  let got: Fields;
  try {
    got = compute(vector.input, vector.options);
  } catch (error) {
    if (error instanceof StatisticsError && vector.expected.error === true) return [];
    return [`threw ${String(error)}`];
  }
  if (vector.expected.error === true) return [`expected an error, found ${JSON.stringify(got)}`];
  return differences(vector.expected, got, vector.tolerance);
}

function differences(wanted: unknown, got: unknown, tolerance: Vector["tolerance"], path = ""): string[] {
  if (typeof wanted === "number" && typeof got === "number") {
    const close = Math.abs(got - wanted) <= tolerance.abs + tolerance.rel * Math.abs(wanted);
    return close ? [] : [`${path}: expected ${wanted}, found ${got}`];
  }
  if (wanted !== null && typeof wanted === "object" && got !== null && typeof got === "object") {
    const extra = Array.isArray(wanted) && Array.isArray(got) && got.length !== wanted.length;
    const nested = Object.entries(wanted).flatMap(([key, value]) =>
      differences(value, (got as Fields)[key], tolerance, `${path}/${key}`),
    );
    return extra ? [...nested, `${path}: lengths differ`] : nested;
  }
  return wanted === got ? [] : [`${path}: expected ${String(wanted)}, found ${String(got)}`];
}
