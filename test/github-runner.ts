import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { parse } from "yaml";
import { type Contexts, interpolate, isWanted } from "./github-expressions.js";

interface ActionStep {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: { readonly [name: string]: string };
  readonly run?: string;
  readonly env?: { readonly [name: string]: string };
  readonly "working-directory"?: string;
}

export interface ActionFile {
  readonly inputs: { readonly [name: string]: { readonly description: string; readonly default: string } };
  readonly outputs: { readonly [name: string]: { readonly description: string; readonly value: string } };
  readonly runs: { readonly using: string; readonly steps: readonly ActionStep[] };
}

/** What a step that uses another action leaves. */
interface UsedAction {
  readonly outputs?: { readonly [name: string]: string };
  /** Folders that it puts before PATH. */
  readonly path?: readonly string[];
}

export function readAction(root: string): ActionFile {
  return parse(readFileSync(join(root, "action.yml"), "utf8")) as ActionFile;
}

/** A workflow command that the runner would obey. */
interface Command {
  readonly name: string;
  readonly properties: { readonly [name: string]: string };
  readonly message: string;
}

export interface ActionResult {
  /** Of the first step that failed; 0 when none did. */
  readonly exitCode: number;
  /** Steps that ran, in their order. */
  readonly ran: readonly string[];
  /** Actions that were used, with what they were given. */
  readonly used: { readonly [name: string]: { readonly [name: string]: string } };
  readonly log: string;
  readonly commands: readonly Command[];
  readonly outputs: { readonly [name: string]: string };
  /** Markdown of the page of the job. */
  readonly summary: string;
}

/**
 * Runs the `run` steps of a composite action as they are written, with bash and files as a runner of GitHub gives
 * them. Steps that use other actions are noted down.
 */
export async function runAction(
  action: ActionFile,
  actionPath: string,
  options: {
    readonly workspace: string;
    readonly inputs: { readonly [name: string]: string };
    readonly github: { readonly [name: string]: string };
    readonly env: { readonly [name: string]: string };
    readonly secrets?: { readonly [name: string]: string };
    /** By the id of their step. */
    readonly actions?: { readonly [id: string]: UsedAction };
    /** Told each line of a step; `interrupt` does to it what a cancelled job does. */
    readonly onLine?: (line: string, interrupt: () => void) => void;
  },
): Promise<ActionResult> {
  const { workspace } = options;
  const temporary = mkdtempSync(join(tmpdir(), "agentctl-runner-"));
  const file = (name: string) => {
    const path = join(temporary, name);
    writeFileSync(path, "");
    return path;
  };
  const github: Contexts = {
    ...options.github,
    action_path: actionPath,
    token: "ghs_job-token",
    job: "gate",
  };
  const status = { hasFailed: false };
  const steps: { [id: string]: { outputs: { readonly [name: string]: string } } } = {};
  const contexts: { [name: string]: unknown } = { github, runner: { os: "Linux" }, steps, inputs: {} };
  contexts.secrets = options.secrets ?? {};
  contexts.inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [
      name,
      options.inputs[name] ?? interpolate(String(input.default), contexts, status),
    ]),
  );
  const runnerTemp = join(temporary, "temp");
  mkdirSync(runnerTemp);
  const pathFile = file("path");
  const summaryFile = file("summary");
  const used: { [name: string]: { readonly [name: string]: string } } = {};
  const ran: string[] = [];
  let log = "";
  let exitCode = 0;
  for (const [index, step] of action.runs.steps.entries()) {
    contexts.job = { status: status.hasFailed ? "failure" : "success" };
    if (!isWanted(step.if, contexts, status)) continue;
    const resolved = (values: { readonly [name: string]: string } = {}) =>
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, interpolate(String(value), contexts, status)]),
      );
    const name = step.name ?? step.uses ?? `step ${index}`;
    ran.push(name);
    if (step.run === undefined) {
      used[name] = resolved(step.with);
      const { outputs = {}, path = [] } = options.actions?.[step.id ?? ""] ?? {};
      if (step.id !== undefined) steps[step.id] = { outputs };
      appendFileSync(pathFile, path.map((folder) => `${folder}\n`).join(""));
      continue;
    }
    const outputFile = file(`output-${index}`);
    const script = join(temporary, `step-${index}.sh`);
    writeFileSync(script, interpolate(step.run, contexts, status));
    const added = readFileSync(pathFile, "utf8").split("\n").filter(Boolean).reverse();
    const running = execa("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", script], {
      cwd: join(workspace, interpolate(step["working-directory"] ?? ".", contexts, status)),
      env: {
        HOME: process.env.HOME ?? "",
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_WORKSPACE: workspace,
        ...options.env,
        ...resolved(step.env),
        PATH: [...added, process.env.PATH].join(delimiter),
        RUNNER_TEMP: runnerTemp,
        GITHUB_PATH: pathFile,
        GITHUB_OUTPUT: outputFile,
        GITHUB_STEP_SUMMARY: summaryFile,
      },
      extendEnv: false,
      reject: false,
      all: true,
    });
    const { onLine } = options;
    if (onLine !== undefined && running.all !== undefined) {
      createInterface({ input: running.all }).on("line", (line) =>
        onLine(line, () => running.kill("SIGINT")),
      );
    }
    const { all = "", exitCode: code } = await running;
    log += `${all}\n`;
    if (step.id !== undefined) steps[step.id] = { outputs: outputsOf(readFileSync(outputFile, "utf8")) };
    if (code !== 0 && !status.hasFailed) {
      status.hasFailed = true;
      exitCode = code ?? -1;
    }
  }
  return {
    exitCode,
    ran,
    used,
    log,
    commands: commandsOf(log),
    outputs: Object.fromEntries(
      Object.entries(action.outputs).map(([name, { value }]) => [name, interpolate(value, contexts, status)]),
    ),
    summary: readFileSync(summaryFile, "utf8"),
  };
}

function outputsOf(text: string): { readonly [name: string]: string } {
  const lines = text.split("\n").filter((line) => line !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = "", value = ""] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
      if (name === "") throw new Error(`GITHUB_OUTPUT holds ${JSON.stringify(line)}`);
      return [name, value];
    }),
  );
}

/** As the runner reads a log: a command begins a line, or stands anywhere in the old form `##[…]`. */
function commandsOf(log: string): readonly Command[] {
  const found: Command[] = [];
  let stopToken: string | null = null;
  for (const line of log.split(/\r\n|\n|\r/)) {
    if (stopToken !== null) {
      if (line.trim() === `::${stopToken}::`) stopToken = null;
      continue;
    }
    const old = /##\[(\w+)/.exec(line);
    const [, name, text = "", message = ""] = /^\s*::([\w-]+)( [^:]*)?::(.*)$/.exec(line) ?? [];
    if (name === "stop-commands") stopToken = message;
    else if (name !== undefined)
      found.push({ name, properties: propertiesOf(text), message: unescaped(message) });
    else if (old !== null) found.push({ name: old[1] ?? "", properties: {}, message: line });
  }
  return found;
}

function propertiesOf(text: string): { readonly [name: string]: string } {
  const pairs = text.trim().split(",").filter(Boolean);
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [name, unescaped(value.join("=")).replaceAll("%3A", ":").replaceAll("%2C", ",")];
    }),
  );
}

function unescaped(text: string): string {
  return text.replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%25", "%");
}
