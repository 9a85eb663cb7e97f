import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../core/errors.js";
import { contentHash } from "../../core/hash.js";
import { type GatesFile, readGatesFile } from "./read-gates-file.js";

const METRICS = ["steps", "task.success", "safety.violations"];

/** Files by name; each gets `version: 1` in front. */
function read(files: Readonly<Record<string, string>>): GatesFile {
  const folder = mkdtempSync(join(tmpdir(), "agentctl-gates-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `version: 1\n${text}`);
  }
  return readGatesFile(join(folder, "gates.yaml"), folder, () => ({ metrics: METRICS }));
}

function problemsOf(files: Readonly<Record<string, string>>): readonly string[] {
  try {
    read(files);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ file, line, message }) => `${file}:${line} ${message}`);
  }
}

const metricsOf = ({ rules }: GatesFile) =>
  rules.gates.map((rule) => ("metric" in rule ? rule.metric : null));

describe("imports", () => {
  it("join gates, slices and waivers, each relative to the file that names it", () => {
    const file = read({
      "gates.yaml": "imports: [policy/org.yaml]\ndefaults: {alpha: 0.1}\ngates: [{metric: steps, max: 3}]",
      "policy/org.yaml":
        "imports: [safety.yaml]\ndefaults: {alpha: 0.01}\nslices: [{by: [risk], metric: task.success, min: 0.5}]\nwaivers: [{gate: safe, by: ana, reason: r, until: 2026-12-31}]",
      "policy/safety.yaml": "gates: [{name: safe, metric: safety.violations, max: 0}]",
    });
    expect(metricsOf(file)).toEqual(["safety.violations", "steps"]);
    expect(file.rules).toMatchObject({
      defaults: { alpha: 0.1 },
      slices: [{ by: ["risk"] }],
      waivers: [{ gate: "safe" }],
    });
    expect(file.rules).not.toHaveProperty("imports");
    expect(file.sources.map(({ shown }) => shown)).toEqual([
      "policy/safety.yaml",
      "policy/org.yaml",
      "gates.yaml",
    ]);
  });

  it("count in the hash of the rules as if they stood in the file", () => {
    const whole = "gates: [{metric: safety.violations, max: 0}, {metric: steps, max: 3}]";
    const joined = (max: number) =>
      contentHash(
        read({
          "gates.yaml": "imports: [shared.yaml]\ngates: [{metric: steps, max: 3}]",
          "shared.yaml": `gates: [{metric: safety.violations, max: ${max}}]`,
        }).rules,
      );
    expect(joined(0)).toBe(contentHash(read({ "gates.yaml": whole }).rules));
    expect(joined(1)).not.toBe(joined(0));
  });

  it("of one file by two others are joined once", () => {
    const file = read({
      "gates.yaml": "imports: [a.yaml, b.yaml, ./a.yaml]",
      "a.yaml": "imports: [shared.yaml]\ngates: [{metric: steps, max: 3}]",
      "b.yaml": "imports: [shared.yaml]\ngates: [{metric: task.success, min: 0.5}]",
      "shared.yaml": "gates: [{name: safe, metric: safety.violations, max: 0}]",
    });
    expect(metricsOf(file)).toEqual(["safety.violations", "steps", "task.success"]);
  });

  it("that lead nowhere, or back, are problems at their line", () => {
    expect(problemsOf({ "gates.yaml": "imports:\n  - gone.yaml\ngates: [{metric: steps, max: 3}]" })).toEqual(
      ["gates.yaml:3 imports `gone.yaml`: expected gate rules, found no file"],
    );
    expect(problemsOf({ "gates.yaml": "imports: [.]" })).toEqual([
      expect.stringMatching(/^gates.yaml:2 imports .*: expected gate rules, found a folder$/),
    ]);
    expect(problemsOf({ "gates.yaml": "imports: [gates.yaml]" })).toEqual([
      "gates.yaml:2 imports a file that leads back to itself: gates.yaml > gates.yaml; remove one of these imports",
    ]);
    expect(problemsOf({ "gates.yaml": "imports: [a.yaml]", "a.yaml": "imports: [gates.yaml]" })).toEqual([
      "a.yaml:2 imports a file that leads back to itself: gates.yaml > a.yaml > gates.yaml; remove one of these imports",
    ]);
  });

  it("through a link are those of the file that it leads to", () => {
    const folder = mkdtempSync(join(tmpdir(), "agentctl-gates-"));
    symlinkSync(".", join(folder, "link"));
    const write = (name: string, text: string) => writeFileSync(join(folder, name), `version: 1\n${text}`);
    const readIt = () => readGatesFile(join(folder, "gates.yaml"), folder, () => ({ metrics: METRICS }));
    write("a.yaml", "gates: [{name: safe, metric: steps, max: 3}]");
    write("gates.yaml", "imports: [a.yaml, link/a.yaml]");
    expect(metricsOf(readIt())).toEqual(["steps"]);
    write("gates.yaml", "imports: [link/gates.yaml]");
    expect(readIt).toThrow("leads back to itself: gates.yaml > link/gates.yaml;");
  });

  it("are checked like the file itself, under their own name", () => {
    expect(
      problemsOf({ "gates.yaml": "imports: [a.yaml]", "a.yaml": "gates: [{metric: stepps, max: 3}]" }),
    ).toEqual(["a.yaml:2 unknown metric `stepps`; did you mean `steps`?"]);
    expect(
      problemsOf({
        "gates.yaml": "imports: [a.yaml]\ngates: [{name: safe, metric: steps, max: 3}]",
        "a.yaml": "gates: [{name: safe, metric: steps, max: 9}]",
      }),
    ).toEqual([
      "gates.yaml:3 `safe` is the name of an imported gate as well; waivers and `gate explain` need one name for each",
    ]);
  });

  it("bring no two gates of one name", () => {
    expect(
      problemsOf({
        "gates.yaml": "imports: [a.yaml, b.yaml]",
        "a.yaml": "gates: [{name: safe, metric: steps, max: 9}]",
        "b.yaml": "gates: [{name: safe, metric: steps, max: 3}]",
      }),
    ).toEqual([
      "gates.yaml:2 brings a second gate named `safe`, which an import above has as well; rename one",
    ]);
  });

  it("let a file waive a gate that it imports, and no other way round", () => {
    const waiver = "waivers: [{gate: steps, by: ana, reason: r, until: 2026-12-31}]";
    const gates = "gates: [{metric: steps, max: 3}]";
    expect(
      read({ "gates.yaml": `imports: [a.yaml]\n${waiver}`, "a.yaml": gates }).rules.waivers,
    ).toHaveLength(1);
    expect(
      problemsOf({
        "gates.yaml": `imports: [a.yaml]\n${gates}`,
        "a.yaml": `gates: [{metric: task.success, min: 0.1}]\n${waiver}`,
      }),
    ).toEqual(["a.yaml:3 waives an unknown gate `steps`; known gates: `task.success`"]);
  });
});
