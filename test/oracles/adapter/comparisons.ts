import type { Adapter } from "../vector.js";

/** Two-sample and paired tests of pass rates, non-inferiority, corrections for many tests. */
export const comparisons: Adapter = {};
