import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../core/errors.js";
import { canaryMeasure, canaryMeasureNames } from "./canary-measures.js";
import { canaryThresholdWords, parseCanaryThreshold } from "./canary-threshold.js";
import { parseGatesFile } from "./parse-gates-file.js";

const HEAD = "version: 1\ngates: [{metric: steps, max: 3}]\ncanary:\n";

function problemsOf(canary: string): readonly string[] {
  try {
    parseGatesFile(`${HEAD}${canary}`, "gates.yaml");
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ line, message }) => `${line} ${message}`);
    throw error;
  }
}

describe("a rollback threshold", () => {
  it.each([
    ["-2% vs control", "drop", 2, "percent", null, "control", "drops by more than 2 % against the control"],
    [
      "+1 per 10K conversations",
      "rise",
      1,
      "count",
      { count: 10_000, of: "conversations" },
      "control",
      "rises by more than 1 per 10,000 conversations against the control",
    ],
    [
      "+500ms vs baseline",
      "rise",
      500,
      "ms",
      null,
      "baseline",
      "rises by more than 500 ms against the baseline",
    ],
    ["+0.5%", "rise", 0.5, "percent", null, "control", "rises by more than 0.5 % against the control"],
    ["+1.5s", "rise", 1500, "ms", null, "control", "rises by more than 1500 ms against the control"],
    [
      "+0.02usd vs control",
      "rise",
      0.02,
      "usd",
      null,
      "control",
      "rises by more than $0.02 against the control",
    ],
    ["+3", "rise", 3, "count", null, "control", "rises by more than 3 against the control"],
    [
      "+2 per 1M requests vs baseline",
      "rise",
      2,
      "count",
      { count: 1_000_000, of: "requests" },
      "baseline",
      "rises by more than 2 per 1,000,000 requests against the baseline",
    ],
  ] as const)("%s", (text, change, amount, unit, per, reference, words) => {
    const threshold = parseCanaryThreshold(text);
    expect(threshold).toEqual({ change, amount, unit, per, reference });
    expect(threshold && canaryThresholdWords(threshold)).toBe(words);
  });

  it.each([
    "2%",
    "+0%",
    "+2% per 10K conversations",
    "+1 per 0 requests",
    "+5 minutes",
    "vs control",
    "+1 vs main",
    "",
  ])("%s is none", (text) => {
    expect(parseCanaryThreshold(text)).toBeNull();
  });

  it("is never one with a sign too many, whatever stands there", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const threshold = parseCanaryThreshold(text);
        if (threshold !== null) expect(threshold.amount).toBeGreaterThan(0);
        expect(parseCanaryThreshold(`+${text}`)?.change ?? "rise").toBe("rise");
      }),
    );
  });
});

describe("the canary of a gate file", () => {
  it("is read into numbers", () => {
    const { canary } = parseGatesFile(
      `${HEAD}  steps: [{traffic: 1%, bake: 30m, min_conversations: 300}, {traffic: 12.5%, bake: 1.5h, approval: required}, {traffic: 100%, bake: 90s}]
  rollback_triggers: {error_rate: {threshold: "+0.5%", window: 5m}}`,
      "gates.yaml",
    );
    expect(canary).toMatchObject({
      steps: [
        { traffic: 1, bake: 1_800_000, min_conversations: 300 },
        { traffic: 12.5, bake: 5_400_000, approval: "required" },
        { traffic: 100, bake: 90_000 },
      ],
      rollback_triggers: {
        error_rate: {
          threshold: { change: "rise", amount: 0.5, unit: "percent", per: null, reference: "control" },
          window: 300_000,
        },
      },
    });
  });

  it("says what is wrong at its line", () => {
    expect(
      problemsOf(`  steps:
    - {traffic: 0%, bake: 30m}
    - {traffic: 101%, bake: 30 minutes}
    - {traffic: 0.2, bake: 1h, aproval: required}
  rollback_triggers:
    error_rate: {threshold: 0.5%, window: 5m}
    thumbs_down_rate: {threshold: "+1% per 10K conversations", window: 5}
    p95_latency: {window: 5m}
`),
    ).toMatchInlineSnapshot(`
      [
        "5 \`canary.steps[0].traffic\` wants a share above 0 % and of at most 100 %, such as 5%, found string "0%"",
        "6 \`canary.steps[1].traffic\` wants a share above 0 % and of at most 100 %, such as 5%, found string "101%"",
        "6 \`canary.steps[1].bake\` wants a time such as 90s, 30m, 1h or 1d, found string "30 minutes"",
        "7 \`canary.steps[2].traffic\`: expected a string, found number 0.2; put it in quotes: "0.2"",
        "7 unknown key \`aproval\` in \`canary.steps[2]\`; did you mean \`approval\`?",
        "9 \`canary.rollback_triggers.error_rate.threshold\` wants a change such as \`-2% vs control\`, \`+1 per 10K conversations\`, \`+500ms vs baseline\` or \`+0.5%\`, found string "0.5%"",
        "10 \`canary.rollback_triggers.thumbs_down_rate.threshold\` wants an amount above 0, and \`per\` only behind a plain count, found string "+1% per 10K conversations"",
        "10 \`canary.rollback_triggers.thumbs_down_rate.window\`: expected a string, found number 5; put it in quotes: "5"",
        "11 \`canary.rollback_triggers.p95_latency.threshold\` is missing; expected a string",
      ]
    `);
    expect(problemsOf("  steps: [{traffic: 5%, bake: 1m}, {traffic: 5%, bake: 1m}]")).toMatchInlineSnapshot(`
      [
        "4 \`canary.steps[1].traffic\` wants more traffic than the step before it (5 %), found string "5%"",
      ]
    `);
    expect(
      problemsOf(
        "  steps: [{traffic: 5%, bake: 1m}]\n  rollback_triggers: {error_rate: {threshold: +1%, window: 0s}}",
      ),
    ).toEqual(['5 `canary.rollback_triggers.error_rate.window` wants a time above 0, found string "0s"']);
    expect(problemsOf("  steps: []")).toMatchInlineSnapshot(`
      [
        "4 \`canary.steps\`: expected at least 1 item, found an empty list",
      ]
    `);
  });

  it("takes a trigger of every measure in its units, and no other", () => {
    const triggers = (...lines: string[]) =>
      problemsOf(
        `  steps: [{traffic: 5%, bake: 1m}]\n  rollback_triggers:\n${lines.map((line) => `    ${line}\n`).join("")}`,
      );
    const trigger = (name: string, threshold: string) => `${name}: {threshold: "${threshold}", window: 5m}`;
    for (const name of canaryMeasureNames) {
      const sign = canaryMeasure(name)?.harm === "drop" ? "-" : "+";
      expect(triggers(trigger(name, `${sign}2%`)), name).toEqual([]);
      expect(triggers(trigger(name, `${sign === "+" ? "-" : "+"}2%`)), name).toHaveLength(1);
    }
    expect(
      triggers(
        trigger("error_rate", "+5 per 1K conversations"),
        trigger("request_error_rate", "+5 per 1K requests"),
        trigger("safety_violations", "+3"),
        trigger("p50_first_token", "+0.2s"),
        trigger("cost_per_conversation", "+0.01usd"),
        trigger("score.helpfulness", "-0.2"),
        trigger("score.toxicity", "+5%"),
      ),
    ).toEqual([]);
    expect(
      triggers(
        trigger("error_rte", "+0.5%"),
        trigger("frobs", "+0.5%"),
        trigger("error_rate", "+500ms"),
        trigger("p95_latency", "+0.1usd"),
        trigger("request_error_rate", "+1 per 10K conversations"),
        trigger("handoff_rate", "+3"),
        trigger("score.helpfulness", "-1 per 10K conversations"),
        trigger("cost_per_conversation", "-10%"),
      ),
    ).toMatchInlineSnapshot(`
      [
        "6 unknown measure \`error_rte\`; did you mean \`error_rate\`?",
        "7 unknown measure \`frobs\`; known measures: \`resolution_rate\`, \`handoff_rate\`, \`error_rate\`, \`request_error_rate\`, \`thumbs_down_rate\`, \`truncation_rate\`, \`safety_violations\`, \`p50_latency\`, \`p90_latency\`, \`p95_latency\`, \`p99_latency\`, \`p50_first_token\`, \`p95_first_token\`, \`cost_per_conversation\`, \`score.<metric>\`",
        "8 does not fit \`error_rate\`: wants points of a rate, such as \`+2%\`, found a time",
        "9 does not fit \`p95_latency\`: wants a time, such as \`+500ms\`, or a share, such as \`+10%\`, found an amount of money",
        "10 does not fit \`request_error_rate\`: wants points of a rate, such as \`+2%\`, found a count per conversations",
        "11 does not fit \`handoff_rate\`: wants points of a rate, such as \`+2%\`, found a plain count",
        "12 does not fit \`score.helpfulness\`: wants an amount, such as \`-0.1\`, or a share, such as \`-5%\`, found a count per conversations",
        "13 would roll back a better version: \`cost_per_conversation\` is worse when it rises; write \`+\`",
      ]
    `);
  });
});
