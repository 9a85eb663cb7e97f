import type { Evidence, Fix } from "../../report/readiness/readiness-report.js";
import type { GatesFacts } from "./facts.js";
import { evidence, lines } from "./finding.js";

/** The rules on metrics of some names, as evidence with their line. */
export function placedGates({ rules }: GatesFacts, wants: (metric: string) => boolean): readonly Evidence[] {
  return rules.flatMap(({ rule, place }) =>
    "metric" in rule && rule.metric !== undefined && wants(rule.metric)
      ? [evidence(`gate on ${rule.metric}`, place)]
      : [],
  );
}

/** The lines of a canary block that lacks a trigger, or of a whole one where there is none. */
export function canaryLines({ file, config }: GatesFacts, measure: string, threshold: string): Fix {
  const steps = ["  steps:", "    - { traffic: 5%, bake: 1h }", "    - { traffic: 100%, bake: 1h }"];
  const trigger = [
    "  rollback_triggers:",
    `    ${measure}:`,
    `      threshold: "${threshold}"`,
    "      window: 15m",
  ];
  return lines(file, "canary:", ...(config?.canary === undefined ? steps : []), ...trigger);
}
