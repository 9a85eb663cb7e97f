import type { Adapter } from "../vector.js";
import { agreementAndMonitoring } from "./agreement-and-monitoring.js";
import { comparisons } from "./comparisons.js";
import { estimates } from "./estimates.js";
import { judge } from "./judge.js";
import { ranksAndPlanning } from "./ranks-and-planning.js";

/** The vectors' names → our functions. */
export const adapter: Adapter = { ...estimates, ...comparisons, ...ranksAndPlanning, ...agreementAndMonitoring, ...judge };
