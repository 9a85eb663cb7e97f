import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ActionProject, action, actionProject } from "./action-project.js";
import type { ActionResult } from "./github-runner.js";

/** Text that tries to end a command, a comment, a table and a page, and to begin others. */
const HOSTILE = [
  "Hello",
  "::error file=pwned.txt::pwned by a case",
  "::add-mask::pass",
  "##[error]pwned in the old form",
  "::stop-commands::pwned",
  "</pre></details><img src=x onerror=alert(1)> <!-- agentctl ./ --> @octo/team %0A::warning::pwned",
].join("\n");

const TOKEN = "ghs_job-token";
/** Every step of the action starts the program anew. */
const SLOW_MS = 120_000;
let project: ActionProject;

beforeAll(async () => {
  project = await actionProject();
}, SLOW_MS);

afterAll(() => project.server.close());

describe("the steps of action.yml, run as they are written", () => {
  let failing: ActionResult;
  let gatesLine = 0;
  let caseLine = 0;

  beforeAll(async () => {
    const { workspace, git, run } = project;
    const gates = join(workspace, "gates.yaml");
    const good = readFileSync(gates, "utf8");
    gatesLine = good.trimEnd().split("\n").length + 1;
    writeFileSync(gates, `${good.trimEnd()}\n  - { metric: task.success, min: 0.99, name: nearly all }\n`);
    const dataset = join(workspace, "datasets", "starter.jsonl");
    caseLine = readFileSync(dataset, "utf8").trimEnd().split("\n").length + 1;
    const hostile = {
      id: "hostile-01",
      input: HOSTILE,
      expect: { must_include: ["never said\n::error::pwned by an expectation"] },
      risk: "critical",
    };
    const second = { ...hostile, id: "hostile-02" };
    appendFileSync(dataset, `${JSON.stringify(hostile)}\n${JSON.stringify(second)}\n`);
    await git("commit", "-q", "-a", "-m", "a change that fails");
    failing = await run();
  }, SLOW_MS);

  it("fail a pull request whose gate fails, and say so in every place", () => {
    expect(failing.exitCode, failing.log).toBe(1);
    expect(failing.outputs).toMatchObject({
      verdict: "fail",
      "exit-code": "1",
      errors: "0",
      reports: "./reports",
    });
    expect(failing.outputs["run-id"]).toMatch(/^\d{8}-\d{6}-[0-9a-f]{6}$/);
    expect(Number(failing.outputs["pass-rate"])).toBeGreaterThan(0.5);
    expect(Number(failing.outputs["pass-rate"])).toBeLessThan(0.99);
    expect(failing.summary).toContain("❌ agentctl: <code>starter</code> fail");
    for (const extension of ["html", "json", "md", "xml", "sarif", "svg"]) {
      expect(existsSync(join(project.workspace, "reports", `starter.${extension}`)), extension).toBe(true);
    }
  });

  it("annotate the rule that fails and the failing cases at their lines, ten of a level at most", () => {
    const annotations = failing.commands.filter(({ name }) => ["error", "warning", "notice"].includes(name));
    const gate = annotations.find(({ properties }) => properties.file === "gates.yaml");
    expect(gate).toMatchObject({
      name: "error",
      properties: { line: String(gatesLine), title: "gate nearly all: fail" },
    });
    const hostile = annotations.find(({ properties }) => properties.title?.startsWith("case hostile-01"));
    expect(hostile).toMatchObject({
      name: "warning",
      properties: { file: "datasets/starter.jsonl", line: String(caseLine) },
    });
    for (const level of ["error", "warning", "notice"]) {
      expect(annotations.filter(({ name }) => name === level).length).toBeLessThanOrEqual(10);
    }
  });

  it("obey no command that stands in a golden set", () => {
    const names = failing.commands.map(({ name }) => name);
    expect(names).not.toContain("add-mask");
    for (const { name, properties, message } of failing.commands) {
      expect(properties.file).not.toBe("pwned.txt");
      expect(`${name} ${message}`).not.toMatch(/^\w+ pwned/);
    }
    expect(failing.log).toContain("pwned");
  });

  it("write one comment, with no markup of a golden set, and never the token", () => {
    expect(project.server.comments).toHaveLength(1);
    const { body } = project.server.comments[0] ?? { body: "" };
    expect(body.startsWith("<!-- agentctl ./ -->\n## ❌")).toBe(true);
    expect(body).toContain("https://github.example/octo/shop/actions/runs/42");
    for (const text of [body, failing.summary]) {
      expect(text).not.toContain("<img");
      expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
      expect(text.replaceAll(/<pre>[^<]*<\/pre>/g, "")).not.toContain("@octo");
      expect(text).not.toContain(TOKEN);
    }
    expect(failing.log).not.toContain(TOKEN);
    expect([...project.server.tokens]).toEqual([`Bearer ${TOKEN}`]);
  });

  it("restore and keep the history of runs, and keep the reports", () => {
    expect(failing.ran).toEqual(
      action.runs.steps.map(({ name }) => name).filter((name) => name !== "Set up Node.js"),
    );
    expect(failing.used["Restore run history, replies and cassettes"]).toMatchObject({
      path: "./.agentctl",
      key: "agentctl-Linux--42-1-gate",
    });
    expect(failing.used["Keep the reports"]).toMatchObject({ name: "agentctl-reports", path: "./reports/" });
  });

  it(
    "pass once the change is good, and update that comment",
    async () => {
      await project.git("revert", "--no-edit", "HEAD");
      const passing = await project.run({ baseline: "main" });
      expect(passing.exitCode, passing.log).toBe(0);
      expect(passing.outputs).toMatchObject({ verdict: "pass", "exit-code": "0" });
      expect(passing.commands.filter(({ name }) => name === "error")).toEqual([]);
      expect(passing.commands).toContainEqual(
        expect.objectContaining({ message: "there is no run of that name yet: nothing to compare with" }),
      );
      expect(project.server.comments).toHaveLength(1);
      expect(project.server.comments[0]?.body).toContain("✅ agentctl: <code>starter</code> pass");
      expect(project.server.requests.filter((line) => line.startsWith("POST"))).toHaveLength(1);
      expect(project.server.requests.filter((line) => line.startsWith("PATCH"))).toHaveLength(1);
    },
    SLOW_MS,
  );

  it(
    "never take an old run for one that did not begin",
    async () => {
      const broken = await project.run({ suite: "nothing" });
      expect(broken.exitCode, broken.log).toBe(2);
      expect(broken.outputs).toMatchObject({
        verdict: "error",
        "exit-code": "2",
        "run-id": "",
        "pass-rate": "",
      });
      expect(broken.summary).toContain("agentctl: no run");
      expect(broken.commands).toContainEqual(
        expect.objectContaining({ name: "error", properties: { title: "agentctl: no run" } }),
      );
    },
    SLOW_MS,
  );
});
