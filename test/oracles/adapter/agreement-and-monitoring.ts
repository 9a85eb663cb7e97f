import type { Adapter } from "../vector.js";

/** Agreement of raters, sequential tests, control charts. */
export const agreementAndMonitoring: Adapter = {};
