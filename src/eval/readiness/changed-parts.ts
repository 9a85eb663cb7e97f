import type { PartHashes } from "../../core/run.js";

/** What decides an answer and is told by files; the model of a safety suite may be another one on purpose. */
const COMPARED = ["prompt", "tools", "guardrails"] as const;

/**
 * What changed in an agent since a run.
 *
 * @param now - its parts as files or a later run tell; where no part is known, its version alone
 * @returns names of parts; `the agent` where only the version tells
 */
export function changedParts(
  run: { readonly parts: PartHashes; readonly agentVersion: string },
  now: { readonly parts: PartHashes; readonly agentVersion?: string },
): readonly string[] {
  const known = COMPARED.filter((part) => run.parts[part] !== undefined && now.parts[part] !== undefined);
  if (known.length > 0) return known.filter((part) => run.parts[part] !== now.parts[part]);
  return now.agentVersion === undefined || now.agentVersion === run.agentVersion ? [] : ["the agent"];
}
