import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const PROJECT = `version: 1
default_suite: shop
suites:
  shop:
    agent: agents/shop.yaml
    dataset: shop.jsonl
    metrics: [task.success]
    user_model: { provider: scripted, name: agents/script.yaml }
`;

const AGENT = `name: shop
prompt: { version: "1", text: Help. }
model: { provider: scripted, name: script.yaml }
environment: orders
`;

const SCRIPT = `version: 1
rules:
  - when: { case: invents, speaker: user, turn: 0 }
    reply: { text: "Please cancel order A-9999." }
  - when: { speaker: user, turn: 0 }
    reply: { text: "Please cancel order A-1042." }
  - when: { speaker: user }
    reply: { text: "###STOP###" }
  - reply: { text: "I cannot do that." }
`;

const CASES = ["invents", "keeps"].map((id) => ({
  id,
  input: { user: { goal: "Cancel order A-1042." } },
  environment: "orders",
  expect: { state: { actions: [] } },
}));

describe("faults of a simulated user", () => {
  it("are told apart from the agent's in every report of the run", async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "agents"));
    writeFileSync(join(cwd, "agentctl.yaml"), PROJECT);
    writeFileSync(join(cwd, "agents", "shop.yaml"), AGENT);
    writeFileSync(join(cwd, "agents", "script.yaml"), SCRIPT);
    writeFileSync(join(cwd, "shop.jsonl"), CASES.map((one) => JSON.stringify(one)).join("\n"));
    const reports = ["all.html", "all.md", "all.json"];
    const output = reports.flatMap((file) => ["--output", file]);
    const { stdout } = await runCommand(["eval", ...output], { cwd });
    const texts = [stdout, ...reports.map((file) => readFileSync(join(cwd, file), "utf8"))];
    for (const text of texts) {
      const said = text.replaceAll(/\s+/g, " ");
      expect(said).toContain("may be at fault in 1 of 2 trials: invents trial 0");
    }
    const { stdout: scored } = await runCommand(["score", "latest", "--metrics", "user.*", "--json"], {
      cwd,
    });
    const { estimates } = JSON.parse(scored) as { estimates: { metric: string; value: number }[] };
    expect(estimates.map(({ metric, value }) => [metric, value])).toEqual([
      ["user.faults", 1],
      ["user.faulty_rate", 0.5],
    ]);
  });
});
