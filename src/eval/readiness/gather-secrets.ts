import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { redactSecrets } from "../../runtime/guardrails/secrets.js";
import { gatesPath } from "../gate/judge-run-gates.js";
import type { Project } from "../project/load-project.js";
import { shownPath } from "../project/shown-path.js";
import type { AgentFacts, SecretFacts } from "./facts.js";
import { judgeFiles } from "./judge-files.js";

/** Headers whose value is a key however it looks. */
const KEY_HEADER = /^(authorization|proxy-authorization|cookie|x-api-key|api-key)$/i;
const KEY_VARIABLE = /\b(api_key_env|token_env|secret_env|bearer_env)\s*:\s*["']?([A-Za-z_]\w*)/g;

/**
 * Looks for keys in the files that a project is made of, and for the variables that hold them instead.
 * Datasets are left out: those of attacks are full of keys that open nothing.
 */
export function gatherSecrets(
  project: Project,
  suite: string,
  agents: readonly AgentFacts[],
  workingDirectory: string,
): SecretFacts {
  const ofAgents = agents.flatMap((agent) => filesOf(agent, workingDirectory));
  const named = [
    project.file,
    ...ofAgents,
    gatesPath(project, suite),
    ...judgeFiles(project).map(({ path }) => path),
  ];
  const searched = [...new Set(named)].filter(existsSync);
  const found: { place: string; kind: string }[] = [];
  const variables = new Map<string, string>();
  for (const path of searched) {
    const shown = shownPath(path, workingDirectory);
    for (const [index, line] of readFileSync(path, "utf8").split("\n").entries()) {
      const place = `${shown}:${index + 1}`;
      for (const kind of redactSecrets(line).kinds) found.push({ place, kind });
      for (const [, , name = ""] of line.replace(/(^|\s)#.*$/, "").matchAll(KEY_VARIABLE)) {
        if (!variables.has(name)) variables.set(name, place);
      }
    }
  }
  return {
    files: searched.map((path) => shownPath(path, workingDirectory)),
    found: [...found, ...agents.flatMap(keyHeaders).filter((header) => !isAt(found, header.place))],
    variables: [...variables].map(([name, place]) => ({ name, place })),
    isEnvCommitted: isCommitted(project.root, ".env"),
  };
}

function isAt(found: SecretFacts["found"], place: string): boolean {
  return found.some((one) => one.place === place);
}

function filesOf({ file, config }: AgentFacts, workingDirectory: string): readonly string[] {
  const path = resolve(workingDirectory, file);
  const prompt = "prompt" in config ? config.prompt.file : undefined;
  return [path, ...(prompt === undefined ? [] : [resolve(dirname(path), prompt)])];
}

/** Headers of agents behind HTTP that hold a key instead of naming a variable. */
function keyHeaders({ config, file, lineOf }: AgentFacts): SecretFacts["found"] {
  const trigger = "trigger" in config && "http" in config.trigger ? config.trigger.http : null;
  const headers = "headers" in config ? config.headers : (trigger?.headers ?? {});
  const path = "headers" in config ? ["headers"] : ["trigger", "http", "headers"];
  return Object.entries(headers).flatMap(([name, value]) =>
    KEY_HEADER.test(name) && value !== "" && !value.includes("${env:")
      ? [{ kind: `value of the header ${name.toLowerCase()}`, place: `${file}:${lineOf([...path, name])}` }]
      : [],
  );
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
