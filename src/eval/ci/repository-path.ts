import { existsSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** The folder that holds `.git`: this one or the nearest above; `null` outside a repository. */
export function repositoryRoot(folder: string): string | null {
  for (let here = resolve(folder); ; here = dirname(here)) {
    if (existsSync(join(here, ".git"))) return here;
    if (dirname(here) === here) return null;
  }
}

/** A path relative to the root of a repository, with slashes; `null` when it lies outside. */
export function repositoryPath(path: string, root: string): string | null {
  const found = relative(real(root), real(path));
  if (found === "" || isAbsolute(found) || found === ".." || found.startsWith(`..${sep}`)) return null;
  return found.split(sep).join("/");
}

/** Temporary folders are often links. */
function real(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}
