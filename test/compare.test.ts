import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

interface ComparisonDocument {
  readonly schema: string;
  readonly baseline: { readonly run: { readonly id: string; readonly tags: readonly string[] } };
  readonly candidates: readonly {
    readonly design: { readonly kind: string; readonly cases: number };
    readonly metrics: readonly {
      readonly metric: string;
      readonly isPrimary: boolean;
      readonly verdict: string;
      readonly difference: { readonly value: number | null };
    }[];
    readonly slices: readonly { readonly by: string }[];
    readonly changes: {
      readonly lost: readonly { readonly caseId: string }[];
      readonly won: readonly { readonly caseId: string }[];
    };
  }[];
  readonly level: number;
  readonly cases: Readonly<Record<string, { readonly isHoldout: boolean; readonly input: string | null }>>;
}

let cwd: string;

function retrieve(topK: number): void {
  const agent = join(cwd, "agents", "support.yaml");
  writeFileSync(agent, readFileSync(agent, "utf8").replace(/top_k: \d+/, `top_k: ${topK}`));
}

async function compare(...args: string[]): Promise<ComparisonDocument> {
  const { stdout, stderr, exitCode } = await runCommand(["compare", ...args, "--json"], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as ComparisonDocument;
}

beforeAll(async () => {
  cwd = await initialisedProject();
  await runCommand(["eval", "--tag", "main"], { cwd });
  retrieve(1);
  await runCommand(["eval", "--tag", "one-document"], { cwd });
  await runCommand(["eval", "--tag", "again"], { cwd });
});

describe("agentctl compare", () => {
  it("says that a worse agent is worse, which cases it lost, and what to look at", async () => {
    const { stdout, exitCode } = await runCommand(["compare", "main", "one-document"], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/task\.success: 88\.9 % → 77\.8 %\n {2}worse, −11\.1 points, p = /);
    expect(stdout).toMatch(/8 cases lost on task\.success/);
    expect(stdout).toMatch(/trace {6}agentctl trace \d{8}-\d{6}-\w+ \S+/);
    const trace = /agentctl (trace \S+ \S+)/.exec(stdout)?.[1]?.split(" ") ?? [];
    expect((await runCommand(trace, { cwd })).exitCode).toBe(0);
  });

  it("shows no difference between a run and its repetition", async () => {
    const { candidates } = await compare("one-document", "again");
    const [found] = candidates;
    expect(found?.design).toMatchObject({ kind: "paired", cases: 72 });
    expect(found?.metrics.find((one) => one.isPrimary)).toMatchObject({
      metric: "task.success",
      verdict: "no-difference-shown",
      difference: { value: 0 },
    });
    expect(found?.changes).toMatchObject({ lost: [], won: [] });
  });

  it("turns around when the runs change places", async () => {
    const there = (await compare("main", "one-document")).candidates[0]?.changes;
    const back = (await compare("one-document", "main")).candidates[0]?.changes;
    expect(there?.lost.map((one) => one.caseId).sort()).toEqual(back?.won.map((one) => one.caseId).sort());
    expect(there?.lost.length).toBe(8);
  });

  it("takes several candidates, another metric, level and slicing", async () => {
    const document = await compare(
      ...["main", "one-document", "again", "--metric", "retrieval.mrr", "--level", "0.9", "--by", "tag,risk"],
    );
    expect(document.candidates).toHaveLength(2);
    expect(document.level).toBe(0.9);
    for (const { metrics, slices } of document.candidates) {
      expect(metrics[0]).toMatchObject({ metric: "retrieval.mrr", isPrimary: true });
      expect([...new Set(slices.map(({ by }) => by))].sort()).toEqual(["risk", "tag"]);
    }
  });

  it("writes reports by extension and says where", async () => {
    const files = ["out/c.html", "out/c.md", "out/c.json"];
    const { stderr, exitCode } = await runCommand(["compare", "main", "again", "-o", ...files], { cwd });
    expect(exitCode).toBe(0);
    expect(stderr.split("\n")).toEqual(files.map((file) => `wrote ${file}`));
    const [html = "", markdown = "", json = ""] = files.map((file) => readFileSync(join(cwd, file), "utf8"));
    expect(html).toMatch(/^<!doctype html>[\s\S]*<svg class="plot"/);
    expect(markdown).toMatch(/^## 🔻 agentctl compare/);
    expect(JSON.parse(json)).toEqual(await compare("main", "again"));
    for (const text of [html, markdown, json]) expect(text).not.toMatch(/\bNaN\b|\bInfinity\b/);
  });

  it.each([
    [["main", "nothing"], 'found no run "nothing"'],
    [["main", "main"], "named twice"],
    [["main"], "missing required argument"],
    [["main", "again", "--metric", "task.succes"], "did you mean `task.success`"],
    [["main", "again", "--metric", "nosuch"], "next: `agentctl metrics` lists the metrics there are"],
    [["main", "again", "--metric", "rouge_l"], "--metrics rouge_l"],
    [["main", "again", "--by", ""], "expected risk, tag, split, group"],
    [["main", "again", "--by", "colour"], "expected risk, tag, split, group"],
    [["main", "again", "--level", "95"], "expected a number from 0.5 to below 1"],
    [["main", "again", "-o", "c.pdf"], "expected the extension .html"],
    [["main", "again", "-o", "agents/"], "expected the extension"],
  ])("refuses %j with exit 2", async (args, message) => {
    const { stdout, stderr, exitCode } = await runCommand(["compare", ...args], { cwd });
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
    expect(stderr).toContain(message);
  });

  it("names a holdout case that changed and shows no text of it", async () => {
    const secret = "blue-heron-holdout-secret";
    const dataset = join(cwd, "datasets", "holdout.jsonl");
    const line = (expected: string) =>
      `${JSON.stringify({ id: "held-01", input: `Say ${secret}.`, split: "holdout", expect: { must_include: [expected] } })}\n`;
    writeFileSync(dataset, line("never said by anybody"));
    await runCommand(["eval", "--dataset", dataset, "--tag", "held-a"], { cwd });
    writeFileSync(dataset, line("the"));
    await runCommand(["eval", "--dataset", dataset, "--tag", "held-b"], { cwd });
    const forced = ["--force", "--reason", "the answer was wrong"];
    const { stdout, stderr, exitCode } = await runCommand(
      ["compare", "held-a", "held-b", ...forced, "-o", "h.html", "h.md", "h.json"],
      {
        cwd,
      },
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("h.json") });
    const texts = [
      stdout,
      ...["h.html", "h.md", "h.json"].map((file) => readFileSync(join(cwd, file), "utf8")),
    ];
    for (const text of texts) {
      expect(text).toContain("held-01");
      expect(text).not.toContain(secret);
    }
  });
});

describe("docs/compare.md", () => {
  it("shows what the program prints, line after line", async () => {
    const page = readFileSync(join(import.meta.dirname, "..", "docs", "compare.md"), "utf8");
    const capture = /^```text\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? "";
    const comparable = (text: string) =>
      text.split("\n").map((line) => line.replaceAll(/\d{8}-\d{6}-[0-9a-f]{6}/g, "RUN"));
    const wanted = comparable(capture.trimEnd()).filter((line) => line !== "[…]" && !line.startsWith("$ "));
    expect(wanted.length).toBeGreaterThan(8);
    const { stdout } = await runCommand(["compare", "main", "one-document"], { cwd });
    const printed = comparable(stdout.replace(" · one-document", ""));
    let position = -1;
    for (const line of wanted) {
      position = printed.indexOf(line, position + 1);
      expect(position, `the program no longer prints "${line}": take the capture again`).toBeGreaterThan(-1);
    }
  });
});

describe("agentctl eval --baseline", () => {
  it("refuses a wrong baseline before a trial runs", async () => {
    const before = (await runCommand(["runs", "list", "--json"], { cwd })).stdout;
    const { stderr, exitCode } = await runCommand(["eval", "--baseline", "mian"], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--baseline mian: found no such run");
    expect((await runCommand(["runs", "list", "--json"], { cwd })).stdout).toBe(before);
  });

  it("compares below the summary, and under --json in the field `comparison`", async () => {
    const { stdout } = await runCommand(["eval", "--baseline", "main"], { cwd });
    const [summary = "", comparison = ""] = stdout.split("Against the baseline");
    expect(summary).toMatch(/Trials: 56 passed, 16 failed/);
    expect(comparison).toMatch(/task\.success: 88\.9 % → 77\.8 %\n {2}worse/);
    const compared = JSON.parse(
      (await runCommand(["eval", "--baseline", "main", "--json"], { cwd })).stdout,
    ) as {
      comparison: ComparisonDocument;
    };
    expect(compared.comparison.baseline.run.tags).toContain("main");
    expect(compared.comparison.candidates[0]?.metrics[0]?.verdict).toBe("worse");
    const alone = JSON.parse((await runCommand(["eval", "-n", "2", "--json"], { cwd })).stdout) as object;
    expect(alone).toMatchObject({ comparison: null });
  });

  it("takes the newest run with the tag as it was before, when the new run gets the same tag", async () => {
    const { stdout } = await runCommand(
      ["eval", "--tag", "main", "--baseline", "main", "-n", "5", "--json"],
      {
        cwd,
      },
    );
    const report = JSON.parse(stdout) as { run: { id: string }; comparison: ComparisonDocument };
    expect(report.comparison.baseline.run.id).not.toBe(report.run.id);
    expect(report.comparison.candidates[0]?.design.cases).toBe(5);
    await runCommand(["runs", "tag", report.run.id, "main", "--remove"], { cwd });
  });
});
