import type { Adapter } from "../vector.js";

/** Rank and permutation tests, sample sizes. */
export const ranksAndPlanning: Adapter = {};
