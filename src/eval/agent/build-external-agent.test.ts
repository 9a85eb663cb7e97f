import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import { traceOf } from "../../core/trace.js";
import { inputOf } from "../../metrics/testing/trial-builder.js";
import type { Agent } from "../../runtime/agent.js";
import { runTrial } from "../../runtime/run-trial.js";
import { buildAnyAgent } from "./build-any-agent.js";
import { loadAgent, loadAnyAgent } from "./load-agent.js";

/** Asks for the tools that the user names, as `NAME ARGUMENTS`, one after the other, and answers the last result. */
const PROGRAM = `
const { createInterface } = require("node:readline");
const say = (line) => console.log(JSON.stringify(line));
let calls = [];
const next = (last) => {
  const call = calls.shift();
  if (call === undefined) return say({ type: "reply", text: last ?? "nothing", usage: { input_tokens: 4, output_tokens: 2 }, cost_usd: 0.25 });
  const [, name, args] = /^(\\S+) (.*)$/.exec(call);
  say({ type: "tool_call", id: String(calls.length), name, arguments: JSON.parse(args) });
};
createInterface({ input: process.stdin }).on("line", (line) => {
  const message = JSON.parse(line);
  if (message.type === "start") say({ type: "ready" });
  else if (message.type === "message") { calls = message.text.split("; ").filter((one) => one.includes("{")); next(); }
  else next(message.content);
});
`;

const HEAD = ["kind: exec", "name: desk", "command: node", "args: [agent.cjs]"];

function written(lines: readonly string[], program = PROGRAM): string {
  const folder = mkdtempSync(join(tmpdir(), "agentctl-external-"));
  writeFileSync(join(folder, "agent.cjs"), program);
  writeFileSync(join(folder, "agent.yaml"), `${lines.join("\n")}\n`);
  return folder;
}

async function agentOf(lines: readonly string[], program?: string): Promise<Agent> {
  const folder = written([...HEAD, ...lines], program);
  return buildAnyAgent(loadAnyAgent("agent.yaml", folder), {
    recordingHash: null,
    timeoutMs: undefined,
    seed: undefined,
    dataFolder: folder,
    storage: { kind: "memory" },
    workingDirectory: folder,
    specialistModel: () => expect.fail("no model is asked for"),
    env: { PATH: process.env.PATH },
    clock: systemClock,
  });
}

async function traceOfTalk(lines: readonly string[], said: string, program = PROGRAM) {
  const agent = await agentOf(lines, program);
  const folder = written([...HEAD, ...lines]);
  const { environment } = loadAnyAgent("agent.yaml", folder);
  const { goldenCase } = inputOf({ input: { kind: "text", text: said } });
  const request = { agent, goldenCase, trial: 0, seed: 0, environment, userModel: null, recordedTurns: null };
  const trial = await runTrial(request, { clock: systemClock, signal: new AbortController().signal });
  await agent.close?.();
  return { trial, trace: traceOf(trial) };
}

const LOOK_UP = 'lookup_order {"order_id":"A-1043"}';

describe("an agent that asks agentctl for tools", () => {
  it("gets them from the environment, and its turn is one call with its usage and cost", async () => {
    const { trial, trace } = await traceOfTalk(["environment: orders"], `${LOOK_UP}; ${LOOK_UP}`);
    expect(trial.error).toBeNull();
    expect(trace.answer).toContain("shipped");
    expect(trace.toolCalls.map(({ name, sideEffect, isError }) => ({ name, sideEffect, isError }))).toEqual([
      { name: "lookup_order", sideEffect: false, isError: false },
      { name: "lookup_order", sideEffect: false, isError: false },
    ]);
    expect(trace.modelCalls).toEqual([
      expect.objectContaining({
        provider: "exec",
        model: "desk",
        costUsd: 0.25,
        usage: { inputTokens: 4, outputTokens: 2 },
      }),
    ]);
    expect(trace.unreported).toEqual(["retrievals", "modelCalls"]);
  });

  it("gets no other than those on offer", async () => {
    const { trace } = await traceOfTalk(["environment: orders", "tools: [list_orders]"], LOOK_UP);
    expect(trace.toolCalls[0]).toMatchObject({ isError: true });
    expect(trace.guardrails).toEqual([expect.objectContaining({ rule: "tool.permission", action: "block" })]);
  });

  it("gets none without an environment, and is not taken to have none of its own", async () => {
    const { trace } = await traceOfTalk([], LOOK_UP);
    expect(trace.toolCalls[0]).toMatchObject({ isError: true });
    expect(trace.unreported).toContain("toolCalls");
  });

  it("is held to caps", async () => {
    const tools = "tools: [{ name: refund_order, caps: { amount_usd: { max: 10 } }, confirm: false }]";
    const refund = (amount: number) =>
      `refund_order {"order_id":"A-1051","amount_usd":${amount},"reason":"damaged"}`;
    const { trace } = await traceOfTalk(["environment: orders", tools], `${refund(50)}; ${refund(10)}`);
    expect(trace.toolCalls.map(({ isError }) => isError)).toEqual([true, false]);
    expect(trace.guardrails).toEqual([expect.objectContaining({ rule: "tool.cap", action: "block" })]);
  });

  it("is stopped in the middle of its turn by the largest number of steps, and its cost is unknown then", async () => {
    const { trial, trace } = await traceOfTalk(["environment: orders", "limits: { max_steps: 1 }"], LOOK_UP);
    expect(trial.stopReason).toBe("step_limit");
    expect(trace.modelCalls).toEqual([expect.objectContaining({ durationMs: null, costUsd: null })]);
  });
});

describe("guardrails", () => {
  const leak = PROGRAM.replace('last ?? "nothing"', '"Write to jane.doe@example.com."');

  it("stand around what the agent says", async () => {
    expect((await traceOfTalk([], "Hello", leak)).trace.answer).toContain("jane.doe@example.com");
    const guarded = await traceOfTalk(["guardrails: { output: { pii: redact } }"], "Hello", leak);
    expect(guarded.trace.answer).not.toContain("jane.doe@example.com");
    expect(guarded.trace.guardrails).toEqual([expect.objectContaining({ rule: "output.pii" })]);
  });
});

describe("an agent file", () => {
  const problemOf = (
    lines: readonly string[],
    load: typeof loadAnyAgent | typeof loadAgent = loadAnyAgent,
  ) => {
    try {
      load("agent.yaml", written(lines));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return expect.fail("expected a problem");
  };

  it("of an unknown kind is refused with the kinds there are", () => {
    const problem = problemOf(["kind: htpp", "name: desk", "url: http://127.0.0.1:1/"]);
    expect(problem).toMatch(/^agent.yaml:1 unknown kind `htpp`; did you mean `http`\?/);
    expect(problem.split("\n")).toHaveLength(1);
  });

  it("is checked against its own kind alone, with lines", () => {
    expect(problemOf([...HEAD, "url: x", "environment: ordres"]).split("\n")).toEqual([
      expect.stringMatching(/^agent.yaml:5 unknown key `url`/),
      expect.stringMatching(/^agent.yaml:6 unknown environment `ordres`; did you mean `orders`/),
    ]);
  });

  it("of another kind is no specialist of a team", () => {
    expect(problemOf(HEAD, loadAgent)).toContain("expected a built-in agent here, found `kind: exec`");
  });

  it("gives the same version for the same agent, and another for another", async () => {
    const [one, same, limits, program] = [
      await agentOf([]),
      await agentOf([]),
      await agentOf(["limits: { max_steps: 3 }"]),
      await agentOf([], `${PROGRAM}// changed`),
    ];
    expect(one.version).toBe(same.version);
    expect(new Set([one.version, limits.version, program.version]).size).toBe(3);
  });
});
