import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { redactSecrets } from "../../runtime/guardrails/secrets.js";
import type { Project } from "../project/load-project.js";
import { shownPath } from "../project/shown-path.js";
import type { SecretFacts } from "./facts.js";

/** Headers whose value is a key however it looks. */
const KEY_HEADER =
  /^\s*["']?(authorization|proxy-authorization|cookie|x-api-key|api-key)["']?\s*:\s*(\S.*)$/i;
const KEY_VARIABLE = /\b(api_key_env|token_env|secret_env|bearer_env)\s*:\s*["']?([A-Za-z_]\w*)/g;

/**
 * Looks for keys in the files that a project is made of, and for the variables that hold them instead.
 *
 * @param files - absolute paths; those that are not there are left out
 */
export function gatherSecrets(
  project: Project,
  files: readonly string[],
  workingDirectory: string,
): SecretFacts {
  const searched = [...new Set([project.file, ...files, ...judgeFiles(project)])].filter(existsSync);
  const found: { place: string; kind: string }[] = [];
  const variables = new Map<string, string>();
  for (const path of searched) {
    const shown = shownPath(path, workingDirectory);
    for (const [index, line] of readFileSync(path, "utf8").split("\n").entries()) {
      const place = `${shown}:${index + 1}`;
      for (const kind of kindsOf(line)) found.push({ place, kind });
      for (const [, , name = ""] of line.replace(/(^|\s)#.*$/, "").matchAll(KEY_VARIABLE)) {
        if (!variables.has(name)) variables.set(name, place);
      }
    }
  }
  return {
    files: searched.map((path) => shownPath(path, workingDirectory)),
    found,
    variables: [...variables].map(([name, place]) => ({ name, place })),
    isEnvCommitted: isCommitted(project.root, ".env"),
  };
}

function kindsOf(line: string): readonly string[] {
  const { kinds } = redactSecrets(line);
  if (kinds.length > 0) return kinds;
  const [, name = "", value = ""] = KEY_HEADER.exec(line) ?? [];
  return name === "" || value.includes("${") ? [] : [`value of the header ${name.toLowerCase()}`];
}

function judgeFiles(project: Project): readonly string[] {
  const folder = resolve(project.root, "judges");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => resolve(folder, file));
}

/** `null` where there is no git, or no repository. */
function isCommitted(folder: string, file: string): boolean | null {
  const { status, stdout } = spawnSync("git", ["ls-files", "--", file], {
    cwd: folder,
    encoding: "utf8",
    timeout: 10_000,
  });
  return status === 0 ? stdout.trim() !== "" : null;
}
