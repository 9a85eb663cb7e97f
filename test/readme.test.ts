import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { systemClock } from "../src/core/clock.js";
import { evaluate } from "../src/eval/evaluate.js";
import { renderSummary } from "../src/report/terminal.js";
import { fencedBlocks, pageText, root } from "./pages.js";
import { runCli, temporaryFolder } from "./run-cli.js";

/** Blocks of the README that show what the program prints. */
function readmeCaptures(): readonly string[] {
  return fencedBlocks("text")
    .filter(({ place }) => place.startsWith("README.md"))
    .map(({ text }) => text);
}

/** Every line of a capture is printed, in its order; `[…]` stands for lines left out. */
function expectPrinted(capture: string, output: string, fewestLines: number): void {
  const captured = comparable(capture).filter((line) => line !== "[…]" && !line.startsWith("$ "));
  expect(captured.length).toBeGreaterThanOrEqual(fewestLines);
  const printed = comparable(output);
  let position = -1;
  for (const line of captured) {
    position = printed.indexOf(line, position + 1);
    expect(position, `the program no longer prints "${line}": take the capture again`).toBeGreaterThan(-1);
  }
}

/** Lines without what differs from run to run: ids, and the widths that columns take. */
function comparable(text: string): readonly string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.replaceAll(/\d{8}-\d{6}-[0-9a-f]{6}/g, "RUN").replaceAll(/\s+/g, " "));
}

/**
 * What the last of some commands of the README prints, each run in a project without suites.
 *
 * @param written - file that they leave behind
 */
async function lastOutput(commands: readonly string[], written: string): Promise<string> {
  const folder = temporaryFolder();
  let output = "";
  try {
    writeFileSync(
      join(folder, "agentctl.yaml"),
      "version: 1\ndefault_suite: own\nsuites: { own: { dataset: none, agent: none } }\n",
    );
    for (const command of commands) {
      const [, , ...args] = command.replace("test/fixtures", join(root, "test/fixtures")).split(" ");
      const { stdout, exitCode } = await runCli(args, { cwd: folder });
      expect(exitCode).toBe(0);
      output = stdout;
    }
    expect(existsSync(join(folder, written))).toBe(true);
    return output;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the comparison in the README", () => {
  const shell = fencedBlocks("sh").find(({ text }) => text.includes("agentctl import tau2 test/fixtures/"));
  const commands = (shell?.text ?? "").trimEnd().split("\n");

  it("is what its three commands print, line after line", async () => {
    expect(commands).toHaveLength(3);
    const output = await lastOutput(commands, "compare.html");
    const [finding = "", measurements = ""] = readmeCaptures().filter(
      (text) => !text.includes("agentctl eval"),
    );
    expectPrinted(finding, output, 8);
    expectPrinted(measurements, output, 3);
  });
});

describe("the judge in the README", () => {
  const shell = fencedBlocks("sh").find(({ text }) => text.includes("agentctl import labels test/fixtures/"));
  const commands = (shell?.text ?? "").trimEnd().split("\n");

  it("is calibrated as shown, from published verdicts and labels", async () => {
    expect(commands).toHaveLength(3);
    const output = await lastOutput(commands, "calibration.html");
    const capture = readmeCaptures().find((text) => text.startsWith("GPT-4/Vanilla"));
    expectPrinted(capture ?? "", output, 5);
  });
});

describe("the starter suite", () => {
  const caseCount = readFileSync(join(root, "datasets/starter.jsonl"), "utf8").trimEnd().split("\n").length;
  const documentCount = readdirSync(join(root, "datasets/handbook")).length;

  it("has as many cases and documents as the pages say", () => {
    for (const path of ["docs/getting-started.md", "CHANGELOG.md"]) {
      expect(pageText(path)).toMatch(new RegExp(`\\b${caseCount} cases\\b`));
      expect(pageText(path)).toMatch(new RegExp(`\\b${documentCount} documents\\b`));
    }
  });

  it("prints what the capture in the README shows, line after line", async () => {
    const captured = readmeCaptures().find((text) => text.startsWith("$ npx agentctl eval\n")) ?? "";
    expectPrinted(captured, await starterSummary(), 9);
  });

  async function starterSummary(): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), "agentctl-docs-"));
    try {
      writeFileSync(
        join(folder, "agentctl.yaml"),
        "version: 1\ndefault_suite: own\nsuites: { own: { dataset: none, agent: none } }\n",
      );
      copyFileSync(join(root, "gates.yaml"), join(folder, "gates.yaml"));
      const { report } = await evaluate(
        { suite: "starter", seed: 0, cache: true },
        {
          workingDirectory: folder,
          env: {},
          clock: systemClock,
          signal: new AbortController().signal,
          observer: {
            runStarted: () => {},
            trialStarted: () => {},
            trialFinished: () => {},
            runFinished: () => {},
          },
        },
      );
      return renderSummary(report, { useColor: false, columns: 100 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
});
