import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { DatasetError } from "../../core/errors.js";
import { loadEnvironment } from "../registry.js";
import { isSameAnswer, parseConformance, runConformance } from "./conformance.js";
import { DATASETS, shipped } from "./shipped-data.js";

const script = fileURLToPath(new URL("../../../scripts/conformance.ts", import.meta.url));

async function runScript(...args: readonly string[]) {
  return execa(process.execPath, ["--import", "tsx", script, ...args], { reject: false });
}

describe.each(["tau-airline", "tau-retail"])("%s", (name) => {
  const file = shipped(name, "conformance.jsonl");
  const episodes = parseConformance(readFileSync(file, "utf8"), file);

  it("answers 1,500 calls as the Python tools did and ends in their 60 states", () => {
    expect(runConformance(loadEnvironment(name, DATASETS), episodes)).toEqual({
      passed: 1560,
      differences: [],
    });
  });

  it("finds an answer and a state that are not as recorded", () => {
    const [first, ...rest] = episodes;
    const [call, ...calls] = first?.calls ?? [];
    if (first === undefined || call === undefined) throw new Error("the file holds no call");
    const changed = { ...first, calls: [{ ...call, result: "other" }, ...calls], state_sha256: "0" };
    const report = runConformance(loadEnvironment(name, DATASETS), [changed, ...rest]);
    expect(report.passed).toBe(1558);
    expect(report.differences.map(({ episode, call: at }) => [episode, at])).toEqual([
      [first.episode, 0],
      [first.episode, "state"],
    ]);
  });
});

describe("isSameAnswer", () => {
  it.each([
    ['{"a": 1, "b": [2.0]}', '{"b": [2], "a": 1.0}', true],
    ["5.0", "5", true],
    ['{"a": 1}', '{"a": "1"}', false],
    ["Error: user not found", "Error: order not found", false],
    ["", "", true],
  ])("compares %s with %s by value: %s", (expected, got, same) => {
    expect(isSameAnswer(expected, got)).toBe(same);
  });
});

describe("parseConformance", () => {
  it("names every line that is no episode", () => {
    const text = '{"episode": 1}\n\nnot json\n';
    expect(() => parseConformance(text, "c.jsonl")).toThrow(DatasetError);
    expect(() => parseConformance(text, "c.jsonl")).toThrow(
      /c\.jsonl:1 calls[\s\S]*c\.jsonl:3 expected JSON/,
    );
    expect(() => parseConformance("\n", "c.jsonl")).toThrow("c.jsonl holds no episode");
  });
});

describe("npm run conformance", () => {
  it("prints each difference and the counts, and exits 1 when something differs", async () => {
    const calls = [
      { name: "get_user_details", arguments: { user_id: "nobody" }, result: "Error: no such user" },
    ];
    const file = join(mkdtempSync(join(tmpdir(), "conformance-")), "c.jsonl");
    writeFileSync(file, JSON.stringify({ episode: 7, calls, state_sha256: "0" }));
    const { exitCode, stdout } = await runScript("tau-retail", file);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("episode 7 call 0 get_user_details");
    expect(stdout).toContain("got      Error: user not found");
    expect(stdout.split("\n").at(-1)).toBe("0 passed, 2 failed");
  });

  it("exits 2 on an unknown environment, a missing file and a missing argument", async () => {
    const [unknown, missing, usage] = await Promise.all([
      runScript("tau-airlin", "x.jsonl"),
      runScript("tau-airline", "missing.jsonl"),
      runScript("tau-airline"),
    ]);
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      2,
      expect.stringContaining("did you mean `tau-airline`"),
    ]);
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining("missing.jsonl")]);
    expect([usage.exitCode, usage.stderr]).toEqual([2, expect.stringContaining("usage:")]);
  });
});
