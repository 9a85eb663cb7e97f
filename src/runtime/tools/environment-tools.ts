import type { Environment, EnvironmentSession } from "../../environments/environment.js";
import { FREE_TOOL } from "./free-tool.js";
import type { Tool } from "./tool.js";

/** The tools of an environment on one session of it. They act within the trial's own world and ask for no permission. */
export function environmentTools(environment: Environment, session: EnvironmentSession): readonly Tool[] {
  return environment.tools.map(({ spec, sideEffect, ends }) => ({
    spec,
    source: "environment",
    reversibility: sideEffect ? "irreversible" : "read",
    ...FREE_TOOL,
    ends,
    call: (args) => session.call(spec.name, args),
  }));
}
