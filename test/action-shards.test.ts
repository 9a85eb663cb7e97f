import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ActionProject, actionProject } from "./action-project.js";

/** Every step of the action starts the program anew. */
const SLOW_MS = 120_000;

let project: ActionProject;

beforeAll(async () => {
  project = await actionProject();
}, SLOW_MS);

afterAll(() => project.server.close());

it(
  "joins the shards of several jobs and judges them as one run",
  async () => {
    for (const shard of ["1/2", "2/2"]) {
      const part = await project.run({ shard, comment: "false" });
      expect(part.exitCode, part.log).toBe(0);
      expect(part.ran).not.toContain("Comment");
    }
    const whole = await project.run({ merge: "reports/shard-*.jsonl", comment: "false" });
    expect(whole.exitCode, whole.log).toBe(0);
    expect(whole.outputs).toMatchObject({ verdict: "pass", passed: "12", failed: "0" });
    const again = await project.run({ changed: "true", suite: "starter", comment: "false" });
    expect(again.exitCode, again.log).toBe(0);
    expect(again.outputs).toMatchObject({ verdict: "pass", passed: "12" });
  },
  SLOW_MS,
);

it(
  "lets too little evidence pass only when it is told to",
  async () => {
    const rules =
      "version: 1\ndefaults: { on_inconclusive: inconclusive }\ngates:\n  - { metric: task.success, min: 0.9, bound: lower }\n";
    writeFileSync(join(project.workspace, "gates.yaml"), rules);
    const blocked = await project.run({ comment: "false" });
    expect(blocked.exitCode, blocked.log).toBe(4);
    const passed = await project.run({ comment: "false", "fail-on-inconclusive": "false" });
    expect(passed.exitCode, passed.log).toBe(0);
    expect(passed.outputs).toMatchObject({ verdict: "inconclusive", "exit-code": "4" });
  },
  SLOW_MS,
);
