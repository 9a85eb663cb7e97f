import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { initialisedProject, runCli } from "./run-cli.js";

/** A second vitest starts inside each test. */
vi.setConfig({ testTimeout: 180_000 });

const ROOT = join(import.meta.dirname, "..");
const PYTHON = ["/usr/bin/python3", "python3"].find((path) => !path.startsWith("/") || existsSync(path));

async function projectWith(example: string): Promise<string> {
  const folder = await initialisedProject();
  cpSync(join(ROOT, "examples", example), folder, { recursive: true });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  for (const [name, place] of [
    ["agentctl", ROOT],
    ["vitest", join(ROOT, "node_modules/vitest")],
  ] as const) {
    symlinkSync(place, join(folder, "node_modules", name));
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  return folder;
}

interface RunListJson {
  readonly runs: readonly {
    readonly suite: string;
    readonly passed: number;
    readonly failed: number;
    readonly errors: number;
    readonly notes: readonly string[];
  }[];
}

async function runsOf(cwd: string): Promise<RunListJson["runs"]> {
  return (JSON.parse((await runCli(["runs", "list", "--json"], { cwd })).stdout) as RunListJson).runs;
}

describe("agentctl/vitest", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await projectWith("vitest");
  });

  const vitest = (...args: readonly string[]) => {
    const { PATH, HOME } = process.env;
    return execa(process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...args], {
      cwd: folder,
      env: { PATH, HOME, NO_COLOR: "1" },
      extendEnv: false,
      reject: false,
      all: true,
    });
  };

  it("runs the example, and stores the suite and the session", async () => {
    const { all, exitCode } = await vitest("support.test.ts");
    expect(all).toMatch(/Tests\s+4 passed/);
    expect(all).toMatch(/agentctl: stored 4 tests as run /);
    expect(exitCode).toBe(0);
    const [session, suite] = await runsOf(folder);
    expect(session).toMatchObject({ suite: "vitest", passed: 4, failed: 0, errors: 0 });
    expect(suite).toMatchObject({ suite: "starter", passed: 64, failed: 8 });
  });

  it("fails what does not hold, and whatever cannot be known", async () => {
    writeFileSync(join(folder, "broken.test.ts"), 'throw new Error("no such module");\n');
    writeFileSync(
      join(folder, "strict.test.ts"),
      `import { evaluateSuite, type SuiteResult } from "agentctl/vitest";
import { beforeAll, expect, it } from "vitest";
let run: SuiteResult;
beforeAll(async () => { run = await evaluateSuite({ caseId: ["key-reset-01", "order-status-01"] }); });
it("threshold", () => expect(run).toMeet({ faithfulness: { min: 0.99, bound: "lower" } }));
it("not measured", () => expect(run).toMeet({ "retrieval.ndcg_at_5": { min: 0 } }));
it("not measured, negated", () => expect(run).not.toMeet({ "retrieval.ndcg_at_5": { min: 0 } }));
it("no such metric", () => expect(run).toMeet({ faithfullness: { min: 0 } }));
it("no such gate", () => expect(run).not.toPassGate("speed"));
it("tool", () => expect(run.case("key-reset-01")).toCallTool("lookup_order"));
it("arguments", () => expect(run.case("order-status-01")).toCallTool("lookup_order", { order_id: "A-9" }));
it("not tool", () => expect(run.case("order-status-01")).not.toCallTool("lookup_order"));
it("cite", () => expect(run.case("key-reset-01")).toCite("pricing"));
it("no such case", () => expect(run.case("key-reset-1")).toCite("pricing"));
it("no suite", () => expect(3).toPassGate());
it.skip("skipped", () => {});
`,
    );
    const { all, exitCode } = await vitest("strict.test.ts", "broken.test.ts");
    expect(exitCode).toBe(1);
    expect(all).toMatch(/Tests\s+11 failed \| 1 skipped/);
    for (const text of [
      "the verdict is inconclusive, which is neither pass nor fail",
      "unknown metric `faithfullness`; did you mean `faithfulness`?",
      'no verdict of the gate "speed": there is none of that name; the gates are "faithfulness"',
      "expected every trial to call lookup_order:",
      "key-reset-01 trial 0: found nothing",
      'expected every trial to call lookup_order with {"order_id":"A-9"}',
      "expected no trial to call lookup_order:",
      "expected every trial to cite pricing:",
      'holds no case "key-reset-1"; did you mean `key-reset-01`?',
      "toPassGate: expected what evaluateSuite() resolves to, found number",
    ]) {
      expect(all).toContain(text);
    }
    const [session] = await runsOf(folder);
    expect(session).toMatchObject({ suite: "vitest", passed: 0, failed: 11, errors: 1 });
    expect(session?.notes).toEqual(["1 tests were skipped and are not in the run"]);
  });
});

describe("pytest", () => {
  it("is shown on the page as it is in the example", () => {
    const page = readFileSync(join(ROOT, "docs/test-runners.md"), "utf8");
    expect(page).toContain(readFileSync(join(ROOT, "examples/pytest/conftest.py"), "utf8"));
  });

  it("runs the example of the JSON protocol", async () => {
    const found = await execa(PYTHON as string, ["-m", "pytest", "--version"], { reject: false });
    if (found.exitCode !== 0) {
      const message = "pytest was not found: apt-get install -y python3-pytest";
      if (process.env.CI === "true") throw new Error(message);
      console.warn(`the pytest example was not run: ${message}`);
      return;
    }
    const folder = await projectWith("pytest");
    const bin = join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(
      join(bin, "agentctl"),
      `#!/bin/sh\nexec "${process.execPath}" "${ROOT}/bin/agentctl.js" "$@"\n`,
    );
    chmodSync(join(bin, "agentctl"), 0o755);
    const pytest = () => {
      const { PATH, HOME } = process.env;
      const env = { PATH: `${bin}:${PATH}`, HOME };
      return execa(PYTHON as string, ["-m", "pytest", "-q", "-p", "no:cacheprovider"], {
        cwd: folder,
        env,
        extendEnv: false,
        reject: false,
      });
    };
    const passing = await pytest();
    expect(passing.stdout).toContain("3 passed");
    writeFileSync(join(folder, "gates.yaml"), "version: 1\ngates: [{ metric: faithfulness, min: 0.999 }]\n");
    const failing = await pytest();
    expect(failing.stdout).toContain("1 failed, 2 passed");
    writeFileSync(join(folder, "gates.yaml"), "version: 1\ngates: [{ metric: faith, min: 0.9 }]\n");
    const faulty = await pytest();
    expect(faulty.stdout).toContain("exit 2");
    expect(faulty.stdout).toContain("unknown metric");
  });
});
