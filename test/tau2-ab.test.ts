import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const FOLDER = join(import.meta.dirname, "fixtures", "tau2-ab");

interface Figures {
  readonly [name: string]: number;
}

interface Comparison {
  readonly a: string;
  readonly b: string;
  readonly [part: string]: unknown;
}

interface RunJson {
  readonly run: {
    readonly suite: string;
    readonly model: string;
    readonly userModel: string | null;
    readonly datasetHash: string;
    readonly notes: readonly string[];
  };
  readonly totals: {
    readonly completed: number;
    readonly passed: number;
    readonly errors: number;
    readonly userCostUsd: number;
  };
  readonly estimates: readonly {
    readonly metric: string;
    readonly value: number | null;
    readonly n: number;
    readonly reason?: string;
  }[];
  readonly cases: readonly {
    readonly goldenCase: { readonly id: string; readonly expect: { readonly state: unknown } };
    readonly trials: readonly { readonly stopReason: string; readonly passed: boolean | null }[];
  }[];
}

const expected = JSON.parse(readFileSync(join(FOLDER, "expected.json"), "utf8")) as Record<
  string,
  Comparison
>;

let cwd: string;
beforeAll(async () => {
  cwd = await initialisedProject();
});

async function imported(file: string, ...flags: string[]): Promise<RunJson> {
  const { stdout, stderr, exitCode } = await runCommand(["import", "tau2", file, "--json", ...flags], {
    cwd,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).not.toMatch(/\b(NaN|Infinity)\b/);
  return JSON.parse(stdout) as RunJson;
}

function estimateOf(report: RunJson, metric: string) {
  const found = report.estimates.find((one) => one.metric === metric);
  if (found === undefined) throw new Error(`no estimate of ${metric}`);
  return found;
}

/** The published figures have six digits, in seconds; one that ends in 5 may have been rounded either way. */
function expectMilliseconds(report: RunJson, metric: string, seconds: number): void {
  const { value } = estimateOf(report, metric);
  if (value === null) throw new Error(`${metric} has no value`);
  const half = 0.5 * 10 ** (Math.floor(Math.log10(seconds)) - 5);
  const distance = Math.abs(value / 1000 - seconds);
  expect([metric, distance <= half + 1e-9, value]).toEqual([metric, true, value]);
}

describe.each(Object.keys(expected).map((name) => name.split("/").at(-1)?.split(" ")[0] as string))(
  "the published comparison of tau2-bench in %s",
  (domain) => {
    const figures = Object.entries(expected).find(([name]) => name.includes(domain))?.[1] as Comparison;

    it.each([
      ["a", "gpt-4.1"],
      ["b", "gpt-4.1-sft"],
    ] as const)("arm %s has its figures", async (arm, name) => {
      const file = join(FOLDER, `${domain}.${name}.jsonl`);
      const report = await imported(file, "--metric", "latency.*nearest_rank_ms");
      expect(`${report.totals.passed}/${report.totals.completed}`).toBe(figures[arm]);

      const actions = figures[`action_${arm}`] as { gold_actions: number; matched: number; rate: number };
      expect(estimateOf(report, "tau2.gold_actions").value).toBe(actions.gold_actions);
      expect(estimateOf(report, "tau2.matched_actions").value).toBe(actions.matched);
      expect(estimateOf(report, "tau2.actions_matched").value).toBeCloseTo(actions.rate, 6);
      const all = estimateOf(report, "tau2.all_actions_matched");
      const { sims_all_matched } = figures[`action_${arm}`] as { sims_all_matched: string };
      expect(`${Math.round((all.value ?? 0) * all.n)}/${all.n}`).toBe(sims_all_matched);

      for (const [part, prefix] of [
        ["dur", "latency."],
        ["turn", "latency.turn_"],
      ]) {
        const { n, ...seconds } = figures[`${part}_${arm}`] as Figures;
        for (const [quantile, value] of Object.entries(seconds)) {
          const metric = `${prefix}${quantile}_ms`;
          if (quantile === "p99" && (n as number) < 368) {
            expect(estimateOf(report, metric)).toMatchObject({
              value: null,
              reason: expect.stringContaining(`the run has ${n}`),
            });
          } else expectMilliseconds(report, metric, value);
        }
      }
    });

    it("names the models, and gives both arms one dataset", async () => {
      const a = await imported(join(FOLDER, `${domain}.gpt-4.1.jsonl`));
      const b = await imported(join(FOLDER, `${domain}.gpt-4.1-sft.jsonl`));
      expect(a.run).toMatchObject({ suite: `import-${domain}`, model: "gpt-4.1", userModel: "gpt-4.1" });
      expect(b.run.model).toMatch(/^ft:gpt-4\.1/);
      expect(b.run.datasetHash).toBe(a.run.datasetHash);
    });

    it("has the recorded costs, and takes a cost of 0 for missing", async () => {
      const path = join(FOLDER, `${domain}.gpt-4.1.jsonl`);
      const lines = readFileSync(path, "utf8").trim().split("\n");
      const recorded = lines.map((line) => JSON.parse(line) as { agent_cost: number; user_cost: number });
      const report = await imported(path);
      const sum = (key: "agent_cost" | "user_cost") => recorded.reduce((total, one) => total + one[key], 0);
      expect(estimateOf(report, "cost.total_usd").value).toBeCloseTo(sum("agent_cost"), 9);
      expect(estimateOf(report, "cost.user_usd").value).toBeCloseTo(sum("user_cost"), 9);
      const tuned = await imported(join(FOLDER, `${domain}.gpt-4.1-sft.jsonl`));
      expect(estimateOf(tuned, "cost.total_usd").value).toBeNull();
      expect(tuned.run.notes.join("\n")).toContain("their cost is unknown, not nothing");
    });
  },
);

const action = { action_id: "0", requestor: "assistant", name: "get_user", arguments: { id: "u1" } };

/** A simulation as tau2-bench writes it into results.json. */
function simulation(taskId: string, reason: string, rewardInfo: unknown) {
  return {
    id: `s-${taskId}`,
    task_id: taskId,
    trial: 0,
    start_time: "2025-08-01T16:00:00.000000",
    duration: 2.5,
    termination_reason: reason,
    reward_info: rewardInfo,
    messages: [
      { role: "assistant", content: "Hi!", turn_idx: 0, timestamp: "2025-08-01T16:00:00" },
      {
        role: "user",
        content: "I am u1.",
        turn_idx: 1,
        timestamp: "2025-08-01T16:00:01",
        cost: 0.5,
        usage: { prompt_tokens: 10, completion_tokens: 2 },
      },
      {
        role: "assistant",
        content: "Hello u1.",
        turn_idx: 2,
        timestamp: "2025-08-01T16:00:02",
        cost: 0.25,
        usage: { prompt_tokens: 20, completion_tokens: 3 },
      },
    ],
  };
}

function resultsFile(name: string): string {
  const checked = {
    reward: 1.0,
    db_check: { db_match: true, db_reward: 1.0 },
    action_checks: [{ action, action_match: true, action_reward: 1.0 }],
    reward_breakdown: { DB: 1.0, COMMUNICATE: 1.0 },
  };
  const instructions = { domain: "retail", reason_for_call: "Return a lamp.", known_info: "You are u1." };
  const results = {
    timestamp: "2025-08-01",
    info: {
      agent_info: { implementation: "llm_agent", llm: "model-a", llm_args: {} },
      user_info: { implementation: "user_simulator", llm: "model-u" },
      environment_info: { domain_name: "retail", policy: "…" },
    },
    tasks: [
      {
        id: "7",
        user_scenario: { persona: null, instructions },
        evaluation_criteria: { actions: [action], communicate_info: ["42"] },
      },
    ],
    simulations: [
      simulation("7", "user_stop", checked),
      simulation("8", "too_many_errors", { reward: 0.0, info: { note: "stopped early" } }),
      simulation("9", "max_steps", null),
      simulation("10", "infrastructure_error", { reward: 0.0 }),
      simulation("11", "timeout", { reward: 0.0 }),
    ],
  };
  const file = join(cwd, name);
  writeFileSync(file, JSON.stringify(results, null, 4));
  return file;
}

describe("results.json of tau2-bench", () => {
  it("says domain, models and tasks itself", async () => {
    const report = await imported(resultsFile("results.json"));
    expect(report.run).toMatchObject({ suite: "import-retail", model: "model-a", userModel: "model-u" });
    const [first] = report.cases;
    expect(first?.goldenCase).toMatchObject({
      id: "retail-7",
      input: { kind: "user", goal: expect.stringContaining("reason for call: Return a lamp.") },
      expect: { state: { actions: [{ name: "get_user", args: { id: "u1" } }] }, outputs: ["42"] },
    });
    expect(estimateOf(report, "tau2.actions_matched").value).toBe(1);
    expect(estimateOf(report, "tau2.reward_db")).toMatchObject({ value: 1, n: 1 });
  });

  it("takes limits for failures of the agent, and a broken set-up for an error", async () => {
    const report = await imported(resultsFile("ends.json"));
    expect(report.totals).toMatchObject({ completed: 4, passed: 1, failed: 3, errors: 1 });
    expect(report.cases.map(({ trials }) => trials[0]?.stopReason)).toEqual([
      "user_stop",
      "step_limit",
      "step_limit",
      "error",
      "deadline",
    ]);
    expect(estimateOf(report, "tau2.cut_short")).toMatchObject({ value: 0.75, n: 4 });
    expect(estimateOf(report, "timeout_rate")).toMatchObject({ value: 0.2, n: 5 });
    expect(report.run.notes[0]).toBe(
      "the simulations ended by user_stop 1, too_many_errors 1, max_steps 1, infrastructure_error 1, timeout 1",
    );
  });

  it("lets flags name another model, domain and suite", async () => {
    const flags = ["--domain", "shop", "--model", "m", "--user-model", "u", "--suite", "nightly"];
    const report = await imported(resultsFile("flags.json"), ...flags);
    expect(report.run).toMatchObject({ suite: "nightly", model: "m", userModel: "u" });
    expect(report.cases[0]?.goldenCase.id).toBe("shop-7");
  });
});

describe("what import tau2 refuses", () => {
  it("simulations of a domain that nobody names", async () => {
    const file = join(cwd, "unnamed.jsonl");
    writeFileSync(file, readFileSync(join(FOLDER, "airline.gpt-4.1.jsonl")));
    const { exitCode, stderr } = await runCommand(["import", "tau2", file], { cwd });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining("does not say its domain; give it with --domain"),
    });
  });

  it.each([
    [[], "expected a tau2-bench simulation; this is one of tau-bench"],
    [["--domain", "a/b"], "expected letters, digits"],
    [["--domain", "retail", "--metric", "latenc"], '--metric "latenc"'],
    [["--domain", "retail"], "expected a tau2-bench simulation; this is one of tau-bench"],
  ])("with the flags %j says why", async (flags, message) => {
    const file = join(cwd, "old.jsonl");
    writeFileSync(file, JSON.stringify({ task_id: 1, trial: 0, reward: 1, messages: [] }));
    const { exitCode, stderr } = await runCommand(["import", "tau2", file, ...flags], { cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) });
  });
});
