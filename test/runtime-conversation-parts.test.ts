import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli, temporaryFolder } from "./run-cli.js";

const PARTS = join(import.meta.dirname, "..", "datasets", "runtime", "parts");

/** Outcomes of the cases of a part, by case id, with its agent file changed as told. */
async function outcomes(
  part: string,
  change: (agent: string) => string = (agent) => agent,
  changeCases: (cases: string) => string = (cases) => cases,
) {
  const cwd = temporaryFolder();
  copyFileSync(join(PARTS, `${part}.script.yaml`), join(cwd, `${part}.script.yaml`));
  writeFileSync(join(cwd, "agent.yaml"), change(readFileSync(join(PARTS, `${part}.agent.yaml`), "utf8")));
  writeFileSync(join(cwd, "cases.jsonl"), changeCases(readFileSync(join(PARTS, `${part}.jsonl`), "utf8")));
  writeFileSync(
    join(cwd, "agentctl.yaml"),
    `version: 1
default_suite: ${part}
suites:
  ${part}:
    dataset: cases.jsonl
    agent: agent.yaml
    user_model: { provider: scripted, name: ${part}.script.yaml }
    metrics: [default, "user.*"]
`,
  );
  const { stdout, stderr } = await runCli(["eval", "--json", "--quiet"], { cwd });
  if (stdout === "") throw new Error(stderr);
  const { cases } = JSON.parse(stdout) as {
    cases: { goldenCase: { id: string }; trials: { status: string; passed: boolean | null }[] }[];
  };
  return Object.fromEntries(
    cases.map(({ goldenCase, trials: [trial] }) => [
      goldenCase.id,
      trial?.status === "completed" ? trial.passed : trial?.status,
    ]),
  );
}

const without = (key: string) => (agent: string) =>
  agent.replace(new RegExp(`^${key}:.*\\n( .*\\n)*`, "m"), "");

describe("cases of the runtime suite", () => {
  it("context: pass with the window, fail without it", async () => {
    expect(await outcomes("context")).toEqual({ "context-pinned-refund": true, "context-long-result": true });
    expect(await outcomes("context", without("context"))).toEqual({
      "context-pinned-refund": false,
      "context-long-result": false,
    });
  });

  it("loop: pass with the guard, fail without it", async () => {
    expect(await outcomes("loop")).toEqual({ "loop-told": true, "loop-alternates": true });
    expect(await outcomes("loop", without("loop_guard"))).toEqual({
      "loop-told": false,
      "loop-alternates": false,
    });
  });

  it("user: passes with persona and tools, fails without the tools", async () => {
    expect(await outcomes("user")).toEqual({ "user-persona": true });
    const toolless = (cases: string) => cases.replace('"tools": ["read_order_emails"], ', "");
    expect(await outcomes("user", undefined, toolless)).toEqual({ "user-persona": false });
  });
});
