import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { JudgeConfig } from "../src/config/judge/judge-schema.js";
import { parseJudgeFile } from "../src/config/judge/parse-judge-file.js";
import { categoriesOf } from "../src/config/judge/scale-categories.js";
import { scaffoldProject } from "../src/eval/project/scaffold.js";
import { judgeVersion, rubricHash } from "../src/judge/judge-version.js";
import { root } from "./pages.js";

const folder = join(root, "judges");
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
const judges = files.map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") })).map(parsed);
const models = judges.filter(({ config }) => config.model !== undefined);
const baselines = judges.filter(({ config }) => config.heuristic !== undefined);

function parsed({ file, text }: { readonly file: string; readonly text: string }) {
  return { file, text, config: parseJudgeFile(text, file) };
}

function named(name: string): JudgeConfig {
  const found = judges.find(({ config }) => config.name === name);
  if (found === undefined) throw new Error(`there is no judge ${name}`);
  return found.config;
}

/** All that people and judges are told. */
function wordsOf({ rubric, scale }: JudgeConfig): string {
  const meanings =
    scale.kind === "ordinal"
      ? scale.levels.map(({ anchor }) => anchor)
      : scale.kind === "categorical"
        ? scale.categories.map(({ meaning }) => meaning)
        : [];
  return [rubric.text, ...meanings].join("\n");
}

describe("shipped judges", () => {
  it("are these", () => {
    expect(models.map(({ config }) => [config.name, config.scale.kind]).sort()).toEqual([
      ["completeness", "ordinal"],
      ["correctness", "binary"],
      ["faithfulness", "claims"],
      ["helpfulness", "ordinal"],
      ["policy_compliance", "binary"],
      ["preference", "pairwise"],
      ["safety", "categorical"],
      ["tone", "binary"],
    ]);
    expect(baselines.map(({ config }) => config.name).sort()).toEqual([
      "baseline_faithfulness",
      "baseline_helpfulness",
    ]);
  });

  it.each(judges)("$file is named for its judge and says what it is", ({ file, config }) => {
    expect(file).toBe(`${config.name}.yaml`);
    expect(config.description).toMatch(/\w/);
    expect(config.rubric.version).toBe("1");
  });

  it.each(judges)("$file says in its rubric what each label wants", ({ config }) => {
    const { scale } = config;
    if (scale.kind === "ordinal" || scale.kind === "categorical") {
      const anchors =
        scale.kind === "ordinal"
          ? scale.levels.map(({ anchor }) => anchor)
          : scale.categories.map(({ meaning }) => meaning);
      expect(new Set(anchors).size).toBe(categoriesOf(scale).length);
      for (const anchor of anchors) expect(anchor.length).toBeGreaterThan(20);
    } else {
      for (const label of categoriesOf(scale)) {
        expect(config.rubric.text).toMatch(new RegExp(`(^|[- ;"])${label}([:"]|: )`, "m"));
      }
    }
  });

  it.each(judges)("$file rewards neither length nor looks nor confidence", ({ config }) => {
    const words = wordsOf(config);
    expect(words).toMatch(/\blength\b|\blonger\b|how many claims/i);
    expect(words).toMatch(/formatting|headings/i);
    expect(words).not.toMatch(
      /detailed|thorough|comprehensive|in[- ]depth|elaborate|exhaustive|extensive|well[- ]structured|well[- ]written|eloquent|confidently/i,
    );
  });

  it.each(models)("$file shows two or three examples with more than one label", ({ config }) => {
    expect(config.examples.length).toBeGreaterThanOrEqual(2);
    expect(config.examples.length).toBeLessThanOrEqual(3);
    expect(new Set(config.examples.map(({ value }) => value)).size).toBeGreaterThan(1);
    const isPair = config.scale.kind === "pairwise";
    for (const example of config.examples) expect(example.other_answer !== undefined).toBe(isPair);
    if (config.reads.includes("reference")) {
      for (const example of config.examples) expect(example.reference).toBeDefined();
    }
  });

  it("do not show the longer answer of a pair, or the longer answers of a scale, as the better ones", () => {
    const { examples } = named("preference");
    const decided = examples.filter(({ value }) => value !== "tie");
    const longerWins = decided.filter(
      ({ value, answer, other_answer: other = "" }) => value === (answer.length > other.length ? "A" : "B"),
    );
    expect(decided.length).toBeGreaterThan(0);
    expect(longerWins.length).toBe(decided.length / 2);
    for (const name of ["helpfulness", "completeness"]) {
      const ranked = [...named(name).examples].sort((a, b) => Number(a.value) - Number(b.value));
      expect(ranked[0]?.answer.length).toBeGreaterThan(ranked.at(-1)?.answer.length ?? 0);
    }
  });

  it.each(models)(
    "$file asks a model at temperature 0, not the family of the shipped agent",
    ({ config }) => {
      expect(config.model).toMatchObject({ provider: "openai", temperature: 0 });
      expect(readFileSync(join(root, "agents/support.yaml"), "utf8")).not.toContain("provider: openai");
    },
  );

  it.each(models)("$file maps other words in lower case, and no label to another", ({ config }) => {
    const labels = categoriesOf(config.scale);
    expect(Object.keys(config.synonyms).length).toBeGreaterThan(5);
    for (const word of Object.keys(config.synonyms)) {
      expect(word).toBe(word.toLowerCase());
      expect(labels.map((label) => label.toLowerCase())).not.toContain(word);
    }
  });

  it.each([
    ["baseline_helpfulness", "helpfulness"],
    ["baseline_faithfulness", "faithfulness"],
  ])("%s asks the question of %s and says that it is no language model", (baseline, judge) => {
    const [own, other] = [named(baseline), named(judge)];
    expect(own.rubric).toEqual(other.rubric);
    expect(own.scale).toEqual(other.scale);
    expect(own.reads).toEqual(other.reads);
    expect(own.description).toContain("Baseline");
    const text = judges.find(({ config }) => config === own)?.text;
    expect(text).toMatch(/^# A baseline, not a language model/m);
  });

  it.each(judges)("$file satisfies the schema that editors complete from", ({ text }) => {
    const schema = JSON.parse(readFileSync(join(root, "schemas/judge.schema.json"), "utf8")) as object;
    const validate = new Ajv({ strict: false, formats: { uri: true } }).compile(schema);
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it("keep their hash until their words change: then give the rubric a new version", () => {
    const hashes = judges.map(({ config }) => [
      config.name,
      `${config.rubric.version} ${rubricHash(config).slice(0, 12)}`,
    ]);
    expect(Object.fromEntries(hashes)).toMatchInlineSnapshot(`
      {
        "baseline_faithfulness": "1 13448cb90e2a",
        "baseline_helpfulness": "1 75d83c78c8b9",
        "completeness": "1 9c21fd7d0551",
        "correctness": "1 5c31c62f5377",
        "faithfulness": "1 c61d55e1e9ec",
        "helpfulness": "1 3707f9689c40",
        "policy_compliance": "1 878e938bf0dd",
        "preference": "1 e912f57e470d",
        "safety": "1 c427e90bdc69",
        "tone": "1 a7a5b60f669c",
      }
    `);
  });

  it.each(judges)("$file is the same judge with other comments and line ends", ({ file, text, config }) => {
    const rewritten = parsed({ file, text: `# my copy\n${text}`.replaceAll("\n", "\r\n") }).config;
    expect(rubricHash(rewritten)).toBe(rubricHash(config));
    expect(judgeVersion(rewritten, "same")).toBe(judgeVersion(config, "same"));
  });

  it("are written by `agentctl init`", () => {
    const project = mkdtempSync(join(tmpdir(), "agentctl-judges-"));
    const { created } = scaffoldProject(project);
    for (const file of files) {
      expect(created).toContain(`judges/${file}`);
      const shipped = readFileSync(join(folder, file), "utf8");
      const own = shipped.replace("$schema=../", "$schema=../node_modules/agentctl/");
      expect(readFileSync(join(project, "judges", file), "utf8")).toBe(own);
      expect(own).toMatch(/^# yaml-language-server: \$schema=\.\.\/node_modules\/agentctl\/schemas\/judge/);
    }
    expect(readFileSync(join(project, "gates.yaml"), "utf8")).toContain(
      "$schema=./node_modules/agentctl/schemas/gates.schema.json",
    );
    const { files: published } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      files: readonly string[];
    };
    expect(published).toContain("judges");
  });
});
