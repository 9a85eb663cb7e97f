import type { GradeScale } from "../core/score.js";
import { sameValueLimits } from "./same-values.js";
import { type Limits, meanLimits } from "./sample.js";

/**
 * Mean and interval of grades: Student's t, clustered where a cluster holds several grades, cut to the ends of the scale.
 * Where all grades are the same no variance shows: `wilson-clusters`, as for shares.
 *
 * @param scale - `null` when the ends are not known: then nothing is cut, and same grades have no limits
 */
export function ratingLimits(
  values: readonly number[],
  groups: readonly string[],
  level: number,
  scale: GradeScale | null,
): Limits {
  const limits = meanLimits(values, groups, level);
  const { value, lower, upper, clusters } = limits;
  if (value === null || lower === null || upper === null) return limits;
  if (values.every((grade) => grade === values[0])) return sameGrades(limits, value, level, scale);
  if (scale === null) return limits;
  const cut = (limit: number) => Math.min(scale.max, Math.max(scale.min, limit));
  return { ...limits, lower: cut(lower), upper: cut(upper), clusters };
}

function sameGrades(limits: Limits, value: number, level: number, scale: GradeScale | null): Limits {
  if (scale !== null) return sameValueLimits(limits, value, scale, level);
  return { ...limits, lower: null, upper: null, reason: "all grades are the same: no variance shows" };
}
