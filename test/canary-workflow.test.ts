import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "./pages.js";
import { temporaryFolder } from "./run-cli.js";

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
}

const workflow = parse(readFileSync(join(root, ".github/workflows/agentctl-canary.yml"), "utf8")) as {
  readonly jobs: { readonly rollout: { readonly steps: readonly Step[] } };
};
const { steps } = workflow.jobs.rollout;

function step(name: string): Step {
  const found = steps.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no step ${name}`);
  return found;
}

/** A project whose check fails at a percentage, and the steps of the workflow in it. */
function rollout(failsAt: number) {
  const cwd = temporaryFolder();
  const script = (name: string, body: string) => {
    writeFileSync(join(cwd, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(cwd, name), 0o755);
  };
  script("traffic.sh", 'echo "$1" >> traffic.log');
  script("check.sh", `test "$1" -lt ${failsAt}`);
  const run = (name: string, STEPS = "1 25 100") =>
    execa("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step(name).run ?? ""], {
      cwd,
      env: {
        PATH: process.env.PATH ?? "",
        STEPS,
        BAKE_MINUTES: "0",
        SET_TRAFFIC: "./traffic.sh",
        CHECK: "./check.sh",
        GITHUB_OUTPUT: join(cwd, "output"),
        GITHUB_STEP_SUMMARY: join(cwd, "summary.md"),
      },
      extendEnv: false,
      reject: false,
    });
  return { run, read: (name: string) => readFileSync(join(cwd, name), "utf8") };
}

describe("the canary workflow", () => {
  it("begins only after the gates passed, and sends traffic back whenever it ends otherwise", () => {
    const names = steps.map(({ name }) => name ?? "");
    expect(names.indexOf("Only a pass goes on")).toBeLessThan(names.indexOf("Roll out, step by step"));
    expect(step("Send the traffic back").if).toBe(
      "${{ !success() && steps.rollout.outputs.begun == 'true' }}",
    );
  });

  it("goes up while the checks pass", async () => {
    const { run, read } = rollout(101);
    expect(await run("Roll out, step by step")).toMatchObject({ exitCode: 0 });
    expect(read("traffic.log")).toBe("1\n25\n100\n");
    expect(read("output")).toMatch(/traffic=100\n$/);
  });

  it("stops at the first check that does not pass, and goes back to nothing", async () => {
    const { run, read } = rollout(25);
    expect((await run("Roll out, step by step")).exitCode).not.toBe(0);
    expect(await run("Send the traffic back")).toMatchObject({ exitCode: 0 });
    expect(read("traffic.log")).toBe("1\n25\n0\n");
    expect(read("output")).toBe("begun=true\ntraffic=1\nbegun=true\ntraffic=0\n");
  });

  it.each(["25 1", "0", "1 101", "1 $(id)", "1.5"])(
    "refuses the steps %s before any traffic moves",
    async (wrong) => {
      const { run, read } = rollout(101);
      expect(await run("Roll out, step by step", wrong)).toMatchObject({ exitCode: 2 });
      expect(() => read("traffic.log")).toThrow("ENOENT");
    },
  );
});
