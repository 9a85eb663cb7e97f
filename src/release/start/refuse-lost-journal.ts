import { realpathSync } from "node:fs";
import { dirname, sep } from "node:path";
import { ReleaseError } from "../../core/errors.js";

/** Variables of CI that name a folder which the next job begins without. */
const CLEANED = ["GITHUB_WORKSPACE", "RUNNER_TEMP", "CI_PROJECT_DIR"];

/**
 * Refuses a journal that the next job of CI would not find: it could neither go on with the release nor take it back.
 *
 * @param file - the journal, absolute; symbolic links of its folder are followed
 * @throws {ReleaseError} `RELEASE_REFUSED`
 */
export function refuseLostJournal(file: string, env: { readonly [name: string]: string | undefined }): void {
  const place = realPath(file);
  for (const name of CLEANED) {
    const folder = env[name];
    if (folder === undefined || folder === "" || !place.startsWith(`${realPath(folder)}${sep}`)) continue;
    throw new ReleaseError(
      "RELEASE_REFUSED",
      `the journal ${file} is in ${name}, which the next job begins without; expected a place that outlives the job`,
      {
        nextStep:
          "Give `journal` in release.yaml an absolute path on a disk of the runner: docs/canary-ci.md shows how.",
      },
    );
  }
}

/** With the links of what is there; the rest as it is written. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : `${realPath(parent)}${path.slice(parent.length)}`;
  }
}
