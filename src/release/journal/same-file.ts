import { statSync } from "node:fs";
import { StoreError } from "../../core/errors.js";

/**
 * Remembers which file a path names now. SQLite goes on in a file that was deleted or replaced as if nothing were: what is
 * written there nobody else sees, and it is gone with this process.
 *
 * @returns to be called before each write: throws `StoreError` when the path names another file, or none
 */
export function sameFileGuard(path: string): () => void {
  const opened = identityOf(path);
  return () => {
    const found = identityOf(path);
    if (found === opened) return;
    const what = found === null ? "deleted or moved away" : "replaced by another file";
    throw new StoreError(
      `${path}: the journal was ${what} while it was in use, and nothing more is done with it`,
      {
        nextStep:
          "Put it back. To take traffic off meanwhile: agentctl canary rollback --force --reason, which needs no journal.",
      },
    );
  };
}

function identityOf(path: string): string | null {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
}
