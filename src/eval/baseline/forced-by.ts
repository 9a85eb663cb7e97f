import { UsageError } from "../../core/errors.js";
import { annotatorName } from "../review/annotator-name.js";
import type { ForcedComparison } from "./forced-comparison.js";

/** Flags of commands that refuse to compare unlike runs. */
export interface ForceFlags {
  readonly force?: boolean;
  readonly reason?: string;
}

/**
 * What `--force` and `--reason` mean; `null` without them. Who asks is told by git, else by CI, else by the system.
 *
 * @throws {UsageError} for one without the other
 */
export function forcedBy(
  { force, reason }: ForceFlags,
  env: { readonly [name: string]: string | undefined },
  workingDirectory: string,
): ForcedComparison | null {
  const words = reason?.trim().replace(/\s+/g, " ") ?? "";
  if (force !== true) {
    if (reason === undefined) return null;
    throw new UsageError("--reason says why unlike runs are compared all the same; expected --force with it");
  }
  if (words === "") {
    throw new UsageError("--force: expected --reason with some words: the report shows them", {
      nextStep: 'e.g. --force --reason "the golden set was corrected"',
    });
  }
  const actor = env.GITHUB_ACTOR ?? env.GITLAB_USER_LOGIN ?? env.USER;
  const names = { USER: actor, USERNAME: env.USERNAME ?? "somebody without a name" };
  return { reason: words, by: annotatorName(undefined, names, workingDirectory) };
}
