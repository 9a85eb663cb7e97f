import type { SplitIncident } from "./split-keeper.js";

/** One sentence on what befell the split, and what to do. */
export function describeIncident(incident: SplitIncident): string {
  if (incident.kind === "lease-expired") {
    return (
      `the controller was silent for longer than its lease: the canary's share fell from ${incident.bps} bp to 0; ` +
      "start the controller again, or set a split"
    );
  }
  return (
    "a lower share is in force, but not on disk, and is tried again every second: " +
    `${incident.error.message}; a restart now would bring the old share back`
  );
}
