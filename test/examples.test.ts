import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { fencedBlocks } from "./pages.js";
import { runCli, temporaryFolder } from "./run-cli.js";

const EXAMPLES = join(import.meta.dirname, "..", "examples");

interface Example {
  /** Starts the agent's server at a free port; left out where agentctl starts the agent. */
  readonly server?: { readonly command: string; readonly args: readonly string[]; readonly port: number };
  /** How the example is made to fail: another agent file, or other arguments of the server. */
  readonly careless: { readonly agent: string } | { readonly args: readonly string[] };
  /** Packages that a user would install for it. */
  readonly packages?: readonly string[];
}

/** One row for each folder of `examples`. */
const examples: { readonly [folder: string]: Example } = {
  "exec-python": { careless: { agent: "agents/careless.yaml" } },
  "http-openai": {
    server: { command: process.execPath, args: ["server.mjs"], port: 8802 },
    careless: { agent: "agents/careless.yaml" },
  },
  "http-python": {
    server: { command: "python3", args: ["agent.py"], port: 8801 },
    careless: { args: ["--careless"] },
  },
  "module-ai-sdk": { careless: { agent: "agents/careless.yaml" }, packages: ["ai"] },
  "module-openai-agents": { careless: { agent: "agents/careless.yaml" }, packages: ["@openai/agents"] },
  otlp: { careless: { agent: "agents/careless.yaml" } },
};

interface RunJson {
  readonly totals: { readonly passed: number; readonly failed: number; readonly errors: number };
  readonly gate: { readonly verdict: string } | null;
}

/** Tests of a project in other test runners: `test-runners.test.ts` runs them. */
const RUNNERS = ["pytest", "vitest"];
/** A service to release: `rollout.test.ts` runs it. */
const SERVICES = ["canary"];

describe("examples", () => {
  it("have a row each", () => {
    const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const known = [...Object.keys(examples), ...RUNNERS, ...SERVICES];
    expect(folders.map(({ name }) => name).sort()).toEqual(known.sort());
  });

  it("print what the page shows", async () => {
    const shown = fencedBlocks("text").find(({ text }) => text.startsWith("$ cd examples/exec-python && "));
    const [command = "", ...lines] = (shown?.text ?? "").trimEnd().split("\n");
    const args = command.split("agentctl ")[1]?.split(" ") ?? [];
    const cwd = temporaryFolder();
    cpSync(join(EXAMPLES, "exec-python"), cwd, { recursive: true });
    const printed = comparable((await runCli(args, { cwd })).stdout);
    const captured = comparable(lines.filter((line) => line !== "[…]").join("\n"));
    expect(captured.length).toBeGreaterThan(10);
    expect(captured.filter((line) => !printed.includes(line))).toEqual([]);
  });

  describe.each(Object.entries(examples))("%s", (folder, example) => {
    it("passes its gates", async () => {
      const { result, exitCode } = await evaluate(folder, example, [], []);
      expect(result.totals).toMatchObject({ failed: 0, errors: 0 });
      expect(result.totals.passed).toBeGreaterThan(3);
      expect(result.gate?.verdict).toBe("pass");
      expect(exitCode).toBe(0);
    });

    it("fails them when the agent is careless", async () => {
      const { careless } = example;
      const flags = "agent" in careless ? ["--agent", careless.agent] : [];
      const { result, exitCode } = await evaluate(
        folder,
        example,
        flags,
        "args" in careless ? careless.args : [],
      );
      expect(result.totals.errors).toBe(0);
      expect(result.totals.failed).toBeGreaterThan(0);
      expect(result.gate?.verdict).toBe("fail");
      expect(exitCode).toBe(1);
    });
  });
});

/** Lines without what differs from run to run. */
function comparable(text: string): readonly string[] {
  return text.split("\n").map((line) => line.replaceAll(/\d{8}-\d{6}-[0-9a-f]{6}/g, "RUN").trimEnd());
}

async function evaluate(
  folder: string,
  { server, packages = [] }: Example,
  flags: readonly string[],
  serverArgs: readonly string[],
): Promise<{ readonly result: RunJson; readonly exitCode: number | undefined }> {
  const cwd = temporaryFolder();
  cpSync(join(EXAMPLES, folder), cwd, { recursive: true });
  install(cwd, packages);
  const stop = server === undefined ? () => {} : await started(cwd, server, serverArgs);
  try {
    const { stdout, stderr, exitCode } = await runCli(["eval", "--gate", "--json", ...flags], { cwd });
    if (stdout === "") throw new Error(stderr);
    return { result: JSON.parse(stdout) as RunJson, exitCode };
  } finally {
    stop();
  }
}

function install(cwd: string, packages: readonly string[]): void {
  const root = join(import.meta.dirname, "..");
  for (const name of packages.length === 0 ? [] : ["agentctl", ...packages]) {
    const place = join(cwd, "node_modules", name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(name === "agentctl" ? root : join(root, "node_modules", name), place);
  }
}

/** Starts a server at a free port, which takes the place of its own in the agent files. */
async function started(
  cwd: string,
  { command, args, port }: NonNullable<Example["server"]>,
  more: readonly string[],
): Promise<() => void> {
  const child = execa(command, [...args, "0", ...more], { cwd, reject: false });
  const printed = await new Promise<string>((resolve) => {
    child.stdout.once("data", (text: Buffer) => resolve(text.toString("utf8")));
    void child.then(({ stderr }) => resolve(stderr));
  });
  const free = /:(\d+)\//.exec(printed)?.[1];
  if (free === undefined) throw new Error(`${command} printed no address: ${printed}`);
  const agents = join(cwd, "agents");
  for (const name of readdirSync(agents)) {
    const file = join(agents, name);
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(`:${port}/`, `:${free}/`));
  }
  return () => void child.kill();
}
