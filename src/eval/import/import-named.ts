import type { ImportedRun } from "../../datasets/import/imported-run.js";

/** Flags that name what made the results. */
export interface ImportNameFlags {
  /** Name of the agent; default: what the file says, or its name. */
  readonly name?: string;
  /** Model of the agent; default: what the file says. */
  readonly model?: string;
}

/** A run under the names that flags give it. */
export function named(run: ImportedRun, { name, model }: ImportNameFlags): ImportedRun {
  return { ...run, agentName: name ?? run.agentName, model: model ?? run.model };
}
