import { MOST_MS } from "./agent/quantities.js";
import { duration } from "./gates/canary-schema.js";

/** A time such as `30s` that a timer waits, in milliseconds: at 0 it would fire at once, and so it would beyond 24.8 days. */
export const waitingTime = duration.refine(
  (ms) => ms > 0 && ms <= MOST_MS,
  "wants a time above 0 and of at most 24d",
);

/** The same, and `0s` for never. */
export const waitingTimeOrNever = duration.refine((ms) => ms <= MOST_MS, "wants a time of at most 24d");
