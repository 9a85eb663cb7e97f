import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DatasetError } from "../../core/errors.js";
import { detectTauShape, isTauRecording, readTauRecording } from "./tau.js";

const folder = mkdtempSync(join(tmpdir(), "tau-recording-"));
let files = 0;

/** A file with these lines: values as JSON, texts as they are. */
function fileOf(...lines: readonly unknown[]): string {
  const path = join(folder, `recording-${files++}.jsonl`);
  writeFileSync(
    path,
    lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"),
  );
  return path;
}

function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/tau2/${name}`, import.meta.url));
}

function call(id: string, name: string, args: string) {
  return { id, type: "function", function: { name, arguments: args } };
}

const MESSAGES = [
  { role: "system", content: "policy" },
  { role: "user", content: "Hi" },
  {
    role: "assistant",
    content: "Let me look.",
    tool_calls: [call("c1", "get_user_details", '{"user_id":"a"}'), call("c2", "think", "{}")],
  },
  { role: "tool", tool_call_id: "c1", name: "get_user_details", content: "Error: user not found" },
  { role: "assistant", content: "No such user." },
  { role: "user", content: "###STOP###" },
];
const RESULT = { task_id: 7, trial: 1, reward: 1, error: null, user_cost: 0.1, messages: MESSAGES };

async function problemsOf(path: string): Promise<readonly string[]> {
  try {
    await readTauRecording(path, "airline");
  } catch (error) {
    if (error instanceof DatasetError) {
      return error.problems.map(({ line, message }) => `${line ?? "-"} ${message}`);
    }
    throw error;
  }
  return [];
}

describe("readTauRecording: tau-bench", () => {
  it("reads turns and tool answers in order, and of several tool calls the one that was made", async () => {
    const [simulation] = await readTauRecording(fileOf(RESULT), "airline", { agent: "gpt-4o" });
    expect(simulation).toMatchObject({ caseId: "airline-7", trial: 1, reward: 1, crash: null });
    expect(simulation?.turns.map(({ speaker, turn, reply }) => [speaker, turn, reply.text])).toEqual([
      ["user", 0, "Hi"],
      ["agent", 0, "Let me look."],
      ["agent", 1, "No such user."],
      ["user", 1, "###STOP###"],
    ]);
    expect(simulation?.turns[1]).toMatchObject({
      caseId: "airline-7",
      trial: 1,
      requestHash: null,
      durationMs: null,
      reply: {
        toolCalls: [{ id: "c1", name: "get_user_details", arguments: { user_id: "a" } }],
        finishReason: "tool_calls",
        usage: null,
        costUsd: null,
        model: "gpt-4o",
      },
    });
    expect(simulation?.toolResults).toEqual([
      {
        callId: "c1",
        name: "get_user_details",
        content: "Error: user not found",
        isError: true,
        durationMs: null,
      },
    ]);
  });

  it("reads the runner's own file: one JSON array with traj and info", async () => {
    const results = [
      { task_id: 0, reward: 0, info: { task: {}, reward_info: null }, traj: MESSAGES, trial: 0 },
      { task_id: 1, reward: 0, info: { error: "Timeout", traceback: "..." }, traj: [], trial: 0 },
    ];
    const path = fileOf(JSON.stringify(results, null, 2));
    expect(await isTauRecording(path)).toBe(true);
    const simulations = await readTauRecording(path, "airline");
    expect(simulations.map(({ caseId, reward, crash }) => [caseId, reward, crash])).toEqual([
      ["airline-0", 0, null],
      ["airline-1", null, "Timeout"],
    ]);
    expect(simulations[0]?.turns).toHaveLength(4);
  });

  it.each([
    [{ ...RESULT, reward: 0, error: "RateLimitError: 429" }, "RateLimitError: 429"],
    [{ ...RESULT, reward: 0, error: "" }, "unknown failure"],
    [{ ...RESULT, reward: 1, error: "" }, "unknown failure"],
    [{ ...RESULT, error: undefined, info: { error: " " } }, "unknown failure"],
    [{ ...RESULT, reward: 0, error: { type: "Timeout" } }, '{"type":"Timeout"}'],
    [{ ...RESULT, reward: 0, messages: [] }, "the recording has no messages"],
    [{ ...RESULT, reward: 0, messages: null }, "the recording has no messages"],
    [{ task_id: 7, reward: 0 }, "the recording has no messages"],
  ])("never takes a crashed simulation for a reward of 0", async (result, crash) => {
    const [simulation] = await readTauRecording(fileOf(result), "airline");
    expect(simulation).toMatchObject({ reward: null, crash });
  });

  it("keeps arguments that are no JSON object as they came", async () => {
    const texts = ['{"user_id": ', "[1]", "null"];
    const messages = texts.map((text, index) => ({
      role: "assistant",
      content: null,
      tool_calls: [call(`c${index}`, "think", text)],
    }));
    const [simulation] = await readTauRecording(fileOf({ ...RESULT, messages }), "airline");
    expect(simulation?.turns.map(({ reply }) => reply.toolCalls[0]?.malformedArguments)).toEqual(texts);
    expect(simulation?.turns[0]?.reply.toolCalls[0]?.arguments).toEqual({});
  });

  it("tells apart tool calls that share an id", async () => {
    const step = (thought: string) => [
      { role: "assistant", content: null, tool_calls: [call("c1", "think", JSON.stringify({ thought }))] },
      { role: "tool", tool_call_id: "c1", name: "think", content: thought },
    ];
    const messages = [...step("a"), ...step("b"), ...step("c")];
    const [simulation] = await readTauRecording(fileOf({ ...RESULT, messages }), "airline");
    const ids = ["c1", "c1#2", "c1#3"];
    expect(simulation?.turns.map(({ reply }) => reply.toolCalls[0]?.id)).toEqual(ids);
    expect(simulation?.toolResults.map(({ callId, content }) => [callId, content])).toEqual([
      ["c1", "a"],
      ["c1#2", "b"],
      ["c1#3", "c"],
    ]);
  });

  it("gives simulations that share a trial number the numbers that are free", async () => {
    const other = (trial: number, text: string) => ({
      ...RESULT,
      trial,
      messages: [{ role: "user", content: text }],
    });
    const path = fileOf(other(0, "a"), other(0, "b"), other(2, "c"), other(0, "d"), other(1, "e"));
    const simulations = await readTauRecording(path, "airline");
    expect(
      simulations.map(({ trial, recordedTrial, turns }) => [trial, recordedTrial, turns[0]?.trial]),
    ).toEqual([
      [0, 0, 0],
      [3, 0, 3],
      [2, 2, 2],
      [4, 0, 4],
      [1, 1, 1],
    ]);
  });
});

describe("readTauRecording: tau2-bench", () => {
  it("reads cost, tokens and the time of each turn; the greeting is no turn", async () => {
    const [simulation] = await readTauRecording(fixture("airline.gpt-4.1.jsonl"), "airline");
    expect(simulation).toMatchObject({ caseId: "airline-26", trial: 0, terminationReason: "user_stop" });
    expect(simulation?.turns[0]).toMatchObject({ speaker: "user", turn: 0 });
    expect(simulation?.turns.every(({ durationMs }) => durationMs !== null && durationMs > 0)).toBe(true);
    const agent = simulation?.turns.filter(({ speaker }) => speaker === "agent") ?? [];
    expect(agent.every(({ reply }) => (reply.costUsd ?? 0) > 0 && (reply.usage?.inputTokens ?? 0) > 0)).toBe(
      true,
    );
    expect(Math.max(...agent.map(({ reply }) => reply.toolCalls.length))).toBe(2);
    const calls = agent.flatMap(({ reply }) => reply.toolCalls);
    expect(simulation?.toolResults.map(({ callId, name }) => [callId, name])).toEqual(
      calls.map(({ id, name }) => [id, name]),
    );
    expect(simulation?.actionChecks).toEqual([]);
  });

  it("takes a cost of 0 for missing, not for free", async () => {
    const [simulation] = await readTauRecording(fixture("airline.gpt-4.1-sft.jsonl"), "airline");
    const agent = simulation?.turns.filter(({ speaker }) => speaker === "agent") ?? [];
    expect(agent.length).toBeGreaterThan(0);
    expect(agent.map(({ reply }) => reply.costUsd)).toEqual(agent.map(() => null));
    expect(simulation?.reward).toBe(1);
    expect(simulation?.actionChecks?.map(({ isMatched }) => isMatched)).toEqual([true]);
  });

  it("measures a turn to the microsecond from the message before it", async () => {
    const simulation = {
      task_id: "3",
      trial: 0,
      termination_reason: "agent_stop",
      reward_info: { reward: 0.5 },
      messages: [
        { role: "assistant", content: "Hello", timestamp: "2025-08-01T23:59:59.999000" },
        { role: "user", content: "a", timestamp: "2025-08-02T00:00:00.000250" },
        { role: "assistant", content: "b", timestamp: "2025-08-02T00:00:01.500" },
        { role: "user", content: "c", timestamp: "2025-08-01T00:00:00" },
        { role: "assistant", content: "d" },
      ],
    };
    const [read] = await readTauRecording(fileOf({ simulations: [simulation] }), "retail");
    const durations = read?.turns.map(({ durationMs }) => durationMs) ?? [];
    expect(durations[0]).toBeCloseTo(1.25, 3);
    expect(durations[1]).toBeCloseTo(1499.75, 3);
    expect(durations.slice(2)).toEqual([null, null]);
    expect(read?.reward).toBe(0.5);
  });

  it.each([
    ["max_steps", null],
    ["too_many_errors", null],
    ["timeout", null],
    ["infrastructure_error", "the simulation ended by infrastructure_error"],
    ["user_error", "the simulation ended by user_error"],
    ["something_new", "the simulation ended by something_new"],
  ])("after %s has the crash %j", async (reason, crash) => {
    const messages = [{ role: "user", content: "a" }];
    const value = { task_id: "3", trial: 0, termination_reason: reason, reward: 0, messages };
    const [simulation] = await readTauRecording(fileOf(value), "retail");
    expect(simulation).toMatchObject({ crash, reward: crash === null ? 0 : null });
  });
});

describe("readTauRecording: bad files", () => {
  it("are told for what they are before a domain is asked for", async () => {
    await expect(readTauRecording(fileOf({ results: [] }), null)).rejects.toThrow(
      /expected a tau-bench result/,
    );
  });

  it("name a missing key in words", async () => {
    const { reward: _, ...bad } = RESULT;
    const failure = await readTauRecording(fileOf({ ...bad, trial: "one" }), "airline").catch(String);
    expect(failure).toMatch(/`trial`: expected .* found string "one"/);
    expect(failure).not.toMatch(/received|undefined/);
  });

  it("tells every problem at once, with its line", async () => {
    const path = fileOf(RESULT, "{not json", "", { id: 1 }, { ...RESULT, task_id: true, trial: -1 }, RESULT);
    const problems = await problemsOf(path);
    expect(problems).toHaveLength(5);
    expect(problems.map((problem) => problem.split(" ")[0])).toEqual(["2", "4", "5", "5", "6"]);
    expect(problems[4]).toBe("6 expected airline-7 trial 1 once; the same is on line 1");
  });

  it.each([
    ["an empty file", "", "- is empty; expected at least one simulation"],
    ["an empty array", "[]", "- holds no simulation"],
    ["a broken array", '[\n{"task_id": 1},\n]', "2 a comma before `]`; remove it"],
    ["an item of an array", '[\n{"task_id": 1}\n]', "- simulation 1: expected a tau-bench result"],
  ])("refuses %s", async (_, text, problem) => {
    expect(await problemsOf(fileOf(text))).toEqual([expect.stringContaining(problem)]);
  });

  it("names a missing file", async () => {
    await expect(readTauRecording(join(folder, "none.jsonl"), "airline")).rejects.toThrow(
      /none\.jsonl does not exist/,
    );
  });

  it("accepts a byte order mark and CRLF", async () => {
    const path = fileOf(`\uFEFF${JSON.stringify(RESULT)}\r`, "");
    expect(await readTauRecording(path, "airline")).toHaveLength(1);
  });

  it("tells a problem that every line has at three of them, and counts the lines after", async () => {
    const problems = await problemsOf(
      fileOf({ id: 0 }, RESULT, ...Array.from({ length: 49 }, () => ({ id: 1 }))),
    );
    expect(problems.map((problem) => problem.split(" ").slice(0, 4).join(" "))).toEqual([
      "1 expected a tau-bench",
      "3 expected a tau-bench",
      "4 expected a tau-bench",
      "- … and 47",
    ]);
    expect(problems[3]).toBe("- … and 47 more lines with the same problem");
  });

  it("counts the items of an array with the same problem", async () => {
    const items = Array.from({ length: 4 }, () => ({ id: 1 }));
    const problems = await problemsOf(fileOf(JSON.stringify({ simulations: items }, null, 1)));
    expect(problems[2]).toMatch(/^- simulation 3: expected/);
    expect(problems.slice(3)).toEqual(["- … and 1 more simulation with the same problem"]);
  });

  it("keeps problems apart that differ", async () => {
    const lines = [{ id: 1 }, { ...RESULT, trial: -1 }, { id: 2 }, { ...RESULT, trial: -2 }, { id: 3 }];
    expect(await problemsOf(fileOf(...lines))).toHaveLength(5);
  });

  it("tells at most 50 problems and counts the others", async () => {
    const lines = Array.from({ length: 80 }, (_, index) => `${" ".repeat(index)}x`);
    const problems = await problemsOf(fileOf(...lines));
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)).toBe("- has 30 more problems");
    const repeated = await problemsOf(fileOf(...lines.flatMap((line) => [line, line, line, line, line])));
    expect(repeated).toHaveLength(51);
    // Twelve kinds are told whole, and two lines of the thirteenth.
    expect(repeated.at(-1)).toBe(`- has ${400 - 12 * 5 - 2} more problems`);
  });
});

describe("what is known beside the simulations", () => {
  const modelsOf = async (path: string, domain: string | null = null) => {
    const [simulation] = await readTauRecording(path, domain);
    return [simulation?.domain, simulation?.turns.find(({ speaker }) => speaker === "agent")?.reply.model];
  };

  it("comes from NAME.meta.json, and from the document before it", async () => {
    const path = fileOf(RESULT);
    const meta = path.replace(".jsonl", ".meta.json");
    writeFileSync(meta, JSON.stringify({ domain: "retail", agent: "model-m", user: "model-u", extra: 1 }));
    expect(await modelsOf(path)).toEqual(["retail", "model-m"]);
    expect(await modelsOf(path, "airline")).toEqual(["airline", "model-m"]);
    const info = { agent_info: { llm: "model-d" }, environment_info: { domain_name: "shop" } };
    writeFileSync(path, JSON.stringify({ info, simulations: [RESULT] }));
    expect(await modelsOf(path)).toEqual(["shop", "model-d"]);
  });

  it("is refused when the file beside it is broken", async () => {
    const path = fileOf(RESULT);
    writeFileSync(path.replace(".jsonl", ".meta.json"), '{"agent": 7}');
    await expect(readTauRecording(path, "airline")).rejects.toThrow(/meta\.json expected an object/);
  });

  it("is the task of tau-bench's own results", async () => {
    const task = {
      user_id: "u",
      instruction: "Cancel all.",
      actions: [{ name: "cancel", kwargs: { id: 1 } }],
      outputs: ["42"],
    };
    const [simulation] = await readTauRecording(fileOf({ ...RESULT, info: { task } }), "airline");
    expect(simulation?.task).toEqual({
      text: "Cancel all.",
      actions: [{ name: "cancel", args: { id: 1 } }],
      outputs: ["42"],
    });
  });

  it("is nothing where nobody says it", async () => {
    await expect(readTauRecording(fileOf(RESULT), null)).rejects.toThrow(/does not say its domain/);
    expect(await modelsOf(fileOf(RESULT), "airline")).toEqual(["airline", "unrecorded"]);
  });
});

describe("detectTauShape", () => {
  it.each([
    [RESULT, "tau-bench"],
    [{ task_id: 1, info: { error: "x" }, traj: [] }, "tau-bench"],
    [{ task_id: "1", termination_reason: "user_stop" }, "tau2-bench"],
    [{ task_id: "1", messages: [{ role: "user", turn_idx: 0 }] }, "tau2-bench"],
    [{ caseId: "a", trial: 0 }, null],
    [[RESULT], null],
  ])("recognises the shape %#", (value, shape) => {
    expect(detectTauShape(value)).toBe(shape);
  });

  it("takes anything", () => {
    fc.assert(fc.property(fc.anything(), (value) => detectTauShape(value) === null));
  });
});

describe("isTauRecording", () => {
  it("goes by the first value that can be read", async () => {
    expect(await isTauRecording(fileOf("{broken", RESULT))).toBe(true);
    expect(await isTauRecording(fileOf({ caseId: "a", trial: 0 }, RESULT))).toBe(false);
    expect(await isTauRecording(fileOf(""))).toBe(false);
  });
});
