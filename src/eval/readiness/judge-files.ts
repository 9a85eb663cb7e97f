import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Project } from "../project/load-project.js";

/** The judge files of a project by name, absolute; none without a folder for them. */
export function judgeFiles(project: Project): readonly { readonly name: string; readonly path: string }[] {
  const folder = resolve(project.root, "judges");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const name = /^(.+)\.ya?ml$/.exec(file)?.[1];
      return name === undefined ? [] : [{ name, path: resolve(folder, file) }];
    });
}
