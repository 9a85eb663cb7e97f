import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const ALWAYS_NO = `version: 1
name: always_no
rubric: { version: "1", text: Does the answer hold a hallucination? }
scale: { kind: binary, fail: "yes", pass: "no" }
heuristic: majority
`;

describe("baselines in a new project, without a key", () => {
  let cwd: string;
  const run = async (...args: readonly string[]) => {
    const result = await runCommand(args, { cwd });
    expect(result.exitCode, result.stderr).toBe(0);
    return result.stdout;
  };

  beforeAll(async () => {
    cwd = await initialisedProject();
    await run("eval", "--trials", "1", "--tag", "evaluated");
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  it.each(["baseline_faithfulness", "baseline_helpfulness"])("%s judges a run", async (name) => {
    const text = await run("judge", "run", "evaluated", "--judge", name, "--limit", "20");
    expect(text).toContain("a baseline without a model");
    expect(text).toMatch(new RegExp(`mean +judge\\.${name} [\\d.]+, 95 %`));
  });

  it("is unusable when it always says the commonest label, right in 82 of 100 cases", async () => {
    writeFileSync(join(cwd, "judges", "always_no.yaml"), ALWAYS_NO);
    const rows = Array.from({ length: 100 }, (_, index) => ({
      id: `item-${index}`,
      query: `Question ${index}?`,
      response: `Answer ${index}.`,
      hallucination: index < 82 ? "no" : "yes",
    }));
    writeFileSync(join(cwd, "items.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
    await run(
      ...["import", "labels", "items.jsonl", "--rubric", "always_no", "--item", "id", "--by", "people"],
      ...["--value", "hallucination", "--question", "query", "--answer", "response"],
    );
    await run("judge", "run", "--labelled", "--judge", "always_no");
    const report = await run("judge", "calibrate", "always_no");
    expect(report).toMatch(/^always_no: unusable/);
    expect(report).toMatch(/accuracy +82 %/);
    expect(report).toMatch(/kappa +0 \[0, 0\]/);
  });
});
