import { existsSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import type { ExecConfig } from "../../../config/agent/external/exec-schema.js";
import { ConfigError } from "../../../core/errors.js";
import { contentHash, sha256 } from "../../../core/hash.js";
import { AgentErrors } from "../agent-errors.js";
import type { ExternalAgent } from "../external-agent.js";
import type { ExternalContext } from "../open-external.js";
import { openSessions } from "../open-sessions.js";
import { ExecSession } from "./exec-session.js";

const ALWAYS = ["PATH", "HOME", "LANG", "TMPDIR"];

/**
 * An agent that is a program. No process is started before the first message.
 *
 * @throws {ConfigError} with every file and folder that is not there
 */
export function openExec(
  config: ExecConfig & { readonly name: string; readonly kind?: string },
  { file, folder, env, secrets: known }: ExternalContext,
): Promise<ExternalAgent> {
  const problems: string[] = [];
  const cwd = resolve(folder, config.cwd ?? ".");
  if (!isFolder(cwd)) problems.push(`cwd: expected a folder at ${config.cwd}, found none`);
  const command = config.command.includes("/") ? resolve(folder, config.command) : config.command;
  if (config.command.includes("/") && !existsSync(command)) {
    problems.push(`command: expected a program at ${config.command}, relative to the agent file; found none`);
  }
  for (const path of config.hash_files) {
    if (!existsSync(resolve(folder, path))) {
      problems.push(`hash_files: expected a file at ${path}, relative to the agent file; found none`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems.map((message) => ({ file, message })));

  const given = [...ALWAYS, ...config.env_allow].flatMap((name): [string, string][] => {
    const value = env[name];
    return value === undefined ? [] : [[name, value]];
  });
  const secrets = [...known, ...given.filter(([name]) => !ALWAYS.includes(name)).map(([, value]) => value)];
  const target = {
    process: {
      command,
      args: config.args,
      env: Object.fromEntries(given),
      cwd,
      maxLineBytes: config.max_line_bytes,
    },
    startupTimeoutMs: config.startup_timeout_ms,
    replyTimeoutMs: config.reply_timeout_ms,
    errors: new AgentErrors(`agent ${config.name} (${config.command})`, secrets),
  };
  return Promise.resolve({
    hash: hashOf(config, folder, cwd),
    secrets,
    namesModelCalls: false,
    ...openSessions((conversation) => new ExecSession(target, conversation)),
  });
}

/** Of the files that are the agent's own: an absolute path names a program of the machine, such as an interpreter. */
function hashOf({ command, args, hash_files }: ExecConfig, folder: string, cwd: string): string {
  const own = [
    ...(command.includes("/") && !isAbsolute(command) ? [resolve(folder, command)] : []),
    ...args.map((arg) => resolve(cwd, arg)),
    ...hash_files.map((path) => resolve(folder, path)),
  ];
  return contentHash([...new Set(own)].filter(isFile).map((path) => sha256(readFileSync(path))));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
