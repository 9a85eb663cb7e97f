import { expect, test } from "vitest";
import { ConfigError } from "../../core/errors.js";
import type { MetricUnit } from "../../core/score.js";
import { parseGatesFile } from "./parse-gates-file.js";

const UNITS: Readonly<Record<string, MetricUnit>> = {
  error_rate: "proportion",
  "task.success": "proportion",
  "retrieval.mrr": "score",
  "latency.p95_ms": "ms",
  "cost.total_usd": "usd",
  steps: "count",
  "tokens.total": "tokens",
  "judge.helpfulness": "rating",
};

function problemsOf(rules: readonly string[]): readonly string[] {
  const text = `version: 1\ngates:\n${rules.map((rule) => `  - ${rule}\n`).join("")}`;
  try {
    parseGatesFile(text, "gates.yaml", {
      unitOf: (name) => UNITS[name],
      directionOf: (name) => (UNITS[name] === "proportion" && name !== "error_rate" ? "higher" : "lower"),
    });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ line, message }) => `${line} ${message}`);
    throw error;
  }
}

test("a threshold that no value can reach or miss is a problem at its line", () => {
  expect(
    problemsOf([
      "{metric: error_rate, max: 5}",
      "{metric: task.success, min: 80}",
      "{metric: task.success, min: -0.1}",
      "{metric: task.success, min: 57.5, max: 250}",
      "{metric: retrieval.mrr, min: 70}",
      "{metric: latency.p95_ms, max: -1}",
      "{metric: cost.total_usd, max: -0.5}",
      "{metric: steps, min: -2}",
      "{metric: tokens.total, max: -3}",
    ]),
  ).toEqual([
    expect.stringMatching(/^3 .*`max` 5 is outside 0 to 1, the range of a proportion; write 0.05 for 5 %$/),
    expect.stringMatching(/^4 .*`min` 80 is outside 0 to 1, the range of a proportion; write 0.8 for 80 %$/),
    expect.stringMatching(/^5 .*`min` -0.1 is outside 0 to 1, the range of a proportion$/),
    expect.stringMatching(/^6 .*`min` 57.5 .*write 0.575 for 57.5 %$/),
    expect.stringMatching(/^6 .*`max` 250 is outside 0 to 1, the range of a proportion$/),
    expect.stringMatching(/^7 .*`min` 70 is outside 0 to 1, the range of a score; write 0.7 for 70 %$/),
    expect.stringMatching(/^8 .*`max` -1 is below 0, the least that a time can be$/),
    expect.stringMatching(/^9 .*`max` -0.5 is below 0, the least that a cost can be$/),
    expect.stringMatching(/^10 .*`min` -2 is below 0, the least that a count can be$/),
    expect.stringMatching(/^11 .*`max` -3 is below 0, the least that a number of tokens can be$/),
  ]);
});

test("thresholds at the ends of the range, and of metrics without a known unit, are fine", () => {
  expect(
    problemsOf([
      "{metric: error_rate, min: 0, max: 1}",
      "{metric: steps, max: 0}",
      "{metric: latency.p95_ms, max: 3500}",
      "{metric: unknown, max: -7}",
      "{metric: judge.helpfulness, min: 4.0}",
      "{metric: judge.helpfulness, min: -2, max: 100}",
    ]),
  ).toEqual([]);
});

test("a slip in a rule is told in the words of its own kind", () => {
  expect(
    problemsOf([
      "{metric: task.success, no_worse_than: main, margn: 0.02}",
      "{metric: task.success, no_worse_then: main, margin: 0.02}",
      "{metric: steps, trend: not-raising, runs: 3}",
      "{metric: steps, better_than: main, marign: 0.1}",
      "{coverage: reviewd, min: 1.0}",
      "{must_pass: []}",
      "{budget: dollars, max: 3}",
      "{all: [{metric: steps, maximum: 3}]}",
      "{any: [{all: [{any: [{metric: steps, max: 3}]}]}]}",
      "{any: []}",
      "5",
      "{metric: task.success, no_worse_than: main}",
      "{name: 'a: b', metric: steps, max: 3}",
    ]),
  ).toMatchInlineSnapshot(`
    [
      "3 unknown key \`margn\` in \`gates[0]\`; did you mean \`margin\`?",
      "3 \`gates[0]\` wants \`margin\`: how much may be lost, such as 0.02 or 10%",
      "4 unknown key \`no_worse_then\` in \`gates[1]\`; did you mean \`no_worse_than\`?",
      "5 \`gates[2].trend\`: expected one of \`not-falling\`, \`not-rising\`, \`not-worsening\`, found string "not-raising"; did you mean \`not-rising\`?",
      "6 unknown key \`marign\` in \`gates[3]\`; did you mean \`margin\`?",
      "7 \`gates[4].coverage\`: expected one of \`reviewed\`, \`cases\`, \`scored\`, found string "reviewd"; did you mean \`reviewed\`?",
      "8 \`gates[5].must_pass\`: expected at least 1 item, found an empty list",
      "9 \`gates[6].budget\`: expected one of \`usd\`, \`tokens\`, \`seconds\`, found string "dollars"",
      "10 unknown key \`maximum\` in \`gates[7].all[0]\`; did you mean \`max\`?",
      "10 \`gates[7].all[0]\` wants \`min\`, \`max\` or both",
      "11 \`gates[8].any[0].all[0]\` is nested too deep: \`all\` and \`any\` may hold one more \`all\` or \`any\`, and that only plain gates",
      "12 \`gates[9].any\`: expected at least 1 item, found an empty list",
      "13 \`gates[10]\`: expected a mapping, found number 5",
      "14 \`gates[11]\` wants \`margin\`: how much may be lost, such as 0.02 or 10%",
      "15 \`gates[12].name\` wants a name that does not begin with white space and holds no colon, found string "a: b"",
    ]
  `);
});

test("what would pass everything, or nothing, is a problem at its line", () => {
  expect(
    problemsOf([
      "{metric: task.success, no_worse_than: main, margin: 100%}",
      "{metric: task.success, no_worse_than: main, margin: 99%}",
      "{metric: latency.p95_ms, no_worse_than: main, margin: 1000%}",
      "{metric: task.success, better_than: main, margin: 100%}",
      "{metric: task.success, min: .nan}",
      "{metric: task.success, no_worse_than: main, margin: .inf}",
      "{metric: task.success, no_worse_than: main, margin: 0.1, alpha: 1.0e-300}",
    ]),
  ).toEqual([
    "3 `margin` 100% is all that task.success can lose or more, so that it excludes nothing; write a share below 100%",
    "7 `gates[4].min`: expected a number, found number NaN",
    "8 `gates[5].margin`: expected a number or a string, found number Infinity",
    "9 `gates[6].alpha`: expected at least 1e-9, found number 1e-300",
  ]);
  expect(() =>
    parseGatesFile("version: 1\ndefaults: {alpha: 1.0e-17}\ngates: [{budget: usd, max: 1}]", "g"),
  ).toThrow("expected at least 1e-9");
});

test.each(["a\\nb", "\\x1b[31mred", "end\\u202e", "two\\u2028lines"])(
  "a name is one line that can be read: %s",
  (name) => {
    expect(problemsOf([`{name: "${name}", metric: steps, max: 3}`])).toEqual([
      expect.stringContaining("`gates[0].name` wants a name on one line, of characters that can be seen"),
    ]);
    expect(problemsOf(['{name: "naïve 🚀 | <b>", metric: steps, max: 3}'])).toEqual([]);
  },
);

test("a second document is no comment", () => {
  const text = "version: 1\ngates: [{metric: steps, max: 3}]\n---\ngates: [{metric: steps, max: 1}]\n";
  expect(() => parseGatesFile(text, "gates.yaml")).toThrow("expected one YAML document, found a second one");
});

test("numbers that mean something else than they say are problems at their line", () => {
  expect(
    problemsOf([
      "{metric: task.success, no_worse_than: main, margin: 2}",
      "{metric: task.success, no_worse_than: main, margin: 1}",
      "{metric: judge.helpfulness, no_worse_than: main, margin: 5%}",
      "{metric: latency.p95_ms, no_worse_than: main, margin: 10%}",
      "{metric: latency.p95_ms, better_than: main, margin: 200}",
      "{coverage: reviewed, min: 90}",
      "{coverage: cases, min: 0.5}",
      "{coverage: scored, min: 0.9}",
      "{coverage: cases, min: 20, metric: steps}",
      "{must_pass: [a, b, a]}",
      "{all: [{metric: task.success, min: 80, severity: minor}, {metric: stepps, max: 3}]}",
      "{metric: task.success, min: 0.5, when: changed(promt)}",
      "{metric: steps, max: 3, requires: calibrated}",
    ]),
  ).toMatchInlineSnapshot(`
    [
      "3 \`margin\` 2 is the whole range of a proportion or more, so that it excludes nothing; write 0.02 for 2 points",
      "4 \`margin\` 1 is the whole range of a proportion or more, so that it excludes nothing; write 0.01 for 1 point",
      "5 \`margin\` is a share, which a rating does not have: its scale need not begin at 0; write it in grades, such as 0.2",
      "8 \`gates[5].min\` wants a share in 0 to 1, such as 0.95 for 95 %, found 90",
      "9 \`gates[6].min\` wants a whole number of cases, at least 1, found 0.5",
      "10 \`gates[7]\` wants \`metric\` with \`coverage: scored\`, and with no other coverage",
      "11 \`gates[8]\` wants \`metric\` with \`coverage: scored\`, and with no other coverage",
      "12 case \`a\` stands here twice; keep one",
      "13 \`severity\` of a part says nothing; write it beside the outermost \`all\` or \`any\`",
      "13 \`min\` 80 is outside 0 to 1, the range of a proportion; write 0.8 for 80 %",
      "14 \`when\` asks whether \`promt\` changed, which no run says; did you mean \`prompt\`?",
      "15 only metrics of judges (\`judge.…\`) can be calibrated, found \`steps\`; remove \`requires\`",
    ]
  `);
});

function problemsOfFile(
  text: string,
  importOf: NonNullable<Parameters<typeof parseGatesFile>[2]>["importOf"] = undefined,
): readonly string[] {
  try {
    parseGatesFile(text, "gates.yaml", importOf === undefined ? {} : { importOf });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ line, message }) => `${line} ${message}`);
    throw error;
  }
}

const SHARED = parseGatesFile(
  "version: 1\ngates: [{name: safe, metric: safety.violations, max: 0}, {metric: steps, max: 9}]",
  "shared.yaml",
);

test("names stand for one gate, and waivers for one that there is", () => {
  const text = `version: 1
imports: [shared.yaml, gone.yaml]
gates:
  - {metric: steps, max: 3}
  - {name: quick, metric: latency.p95_ms, max: 3000}
  - {name: quick, metric: latency.p50_ms, max: 1000}
  - {name: safe, any: [{name: inner, metric: a, max: 1}, {name: quick, metric: b, max: 1}]}
waivers:
  - {gate: quik, by: ana, reason: slow provider, until: 2026-12-31}
  - {gate: steps, by: ana, reason: known, until: 2026-12-31}
  - {gate: inner, by: ana, reason: known, until: 2026-12-31}
  - {gate: inner, by: bob, reason: known, until: 2026-12-31}
  - {gate: safe, by: bob, reason: known, until: 31.12.2026}
`;
  const importOf = (reference: string) =>
    reference === "shared.yaml" ? { rules: SHARED.gates } : { problem: "expected gate rules, found no file" };
  expect(problemsOfFile(text, importOf)).toMatchInlineSnapshot(`
    [
      "2 expected gate rules, found no file",
      "6 \`quick\` is the name of another gate of this file as well; waivers and \`gate explain\` need one name for each",
      "7 \`safe\` is the name of an imported gate as well; waivers and \`gate explain\` need one name for each",
      "7 \`quick\` is the name of another gate of this file as well; waivers and \`gate explain\` need one name for each",
      "9 waives an unknown gate \`quik\`; did you mean \`quick\`?",
      "10 2 gates are called \`steps\`; give each a \`name\` of its own and waive one",
      "11 waives \`inner\`, which is a part; waive the whole that it belongs to",
      "12 \`inner\` has a waiver already; keep one",
      "13 \`waivers[4].until\`: expected a valid date, found string "31.12.2026"",
      "13 2 gates are called \`safe\`; give each a \`name\` of its own and waive one",
    ]
  `);
});

test("a file says something to judge, or imports it", () => {
  expect(problemsOfFile("version: 1")).toEqual([
    "1 holds no gate; add one to `gates`, to `slices`, or import a file that has one",
  ]);
  expect(problemsOfFile("version: 1\ngates: []\nslices: []")).toHaveLength(1);
  expect(problemsOfFile("version: 1\nimports: [shared.yaml]", () => ({ rules: SHARED.gates }))).toEqual([]);
  expect(
    problemsOfFile("version: 1\nslices: [{by: [risk], metric: task.success, min: 0.8, margin: 0.1}]"),
  ).toEqual(["2 `margin` has no meaning without `no_worse_than`; remove it"]);
  expect(
    problemsOfFile("version: 1\nslices: [{by: [risk], metric: task.success, no_worse_than: main}]"),
  ).toEqual(["2 wants `margin` beside it: how much may be lost, such as 0.05"]);
});

test("a waiver is for a gate by the name that reports show", () => {
  const waived = (gate: string) =>
    problemsOfFile(
      `version: 1\nimports: [shared.yaml]\ngates: [{metric: task.success, no_worse_than: main, margin: 2%}]\nwaivers: [{gate: ${gate}, by: ana, reason: known, until: 2026-12-31}]`,
      () => ({ rules: SHARED.gates }),
    );
  expect(waived("task.success no worse than main")).toEqual([]);
  expect(waived("safe")).toEqual([]);
  expect(waived("steps")).toEqual([]);
  expect(waived("task.success")).toHaveLength(1);
});
