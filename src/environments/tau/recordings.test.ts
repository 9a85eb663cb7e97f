import { describe, expect, it } from "vitest";
import type { GoldenCase } from "../../core/golden-case.js";
import { readTauRecording } from "../../datasets/import/tau.js";
import type { TauSimulation } from "../../datasets/import/tau-simulation.js";
import { readDataset } from "../../datasets/read-dataset.js";
import type { Environment } from "../environment.js";
import { loadEnvironment } from "../registry.js";
import { isSameAnswer } from "./conformance.js";
import { DATASETS, shipped } from "./shipped-data.js";

/** Takes the recorded tool calls on our tools, and scores the end as tau-bench does. */
function replay(environment: Environment, golden: GoldenCase, simulation: TauSimulation) {
  const session = environment.start();
  const replies: string[] = [];
  const answers: { readonly name: string; readonly content: string }[] = [];
  let hasEnded = false;
  for (const { speaker, reply } of simulation.turns) {
    const [call] = reply.toolCalls;
    if (speaker === "user") hasEnded ||= reply.text?.includes("###STOP###") === true;
    else if (call === undefined) replies.push(reply.text ?? "");
    else {
      answers.push({ name: call.name, content: session.call(call.name, call.arguments).content });
      hasEnded ||= environment.tools.some((tool) => tool.ends && tool.spec.name === call.name);
    }
  }
  const { state, outputs } = golden.expect;
  const check = session.check({ actions: state?.actions ?? null, outputs }, replies);
  return { answers, check, reward: hasEnded ? check.reward : 0, hasEnded };
}

async function replayAll(domain: string, recording: string) {
  const environment = loadEnvironment(`tau-${domain}`, DATASETS);
  const dataset = await readDataset(shipped(`tau-${domain}`, "cases.jsonl"));
  const cases = new Map(dataset.cases.map((golden) => [golden.id, golden]));
  const simulations = await readTauRecording(shipped(`tau-${domain}`, "recordings", recording), domain);
  return simulations.map((simulation) => {
    const golden = cases.get(simulation.caseId);
    if (golden === undefined) throw new Error(`no case ${simulation.caseId}`);
    return { simulation, ...replay(environment, golden, simulation) };
  });
}

/** Pairs of recorded and own answer that differ. */
function differing(replays: Awaited<ReturnType<typeof replayAll>>) {
  return replays.flatMap(({ simulation, answers }) =>
    simulation.toolResults
      .map((result, index) => ({
        name: result.name,
        expected: result.content,
        got: answers[index]?.content ?? "",
      }))
      .filter(({ expected, got }) => !isSameAnswer(expected, got)),
  );
}

describe("the gpt-4o airline recording", async () => {
  const replays = await replayAll("airline", "gpt-4o.jsonl");

  it("gets the recorded answer from every tool call", () => {
    expect(replays.flatMap(({ answers }) => answers)).toHaveLength(1164);
    const differences = differing(replays);
    // Recorded with an older users.json, in which an address had a province instead of a state.
    expect(new Set(differences.map(({ name }) => name))).toEqual(new Set(["get_user_details"]));
    expect(differences).toHaveLength(120);
    for (const { expected, got } of differences) {
      expect(isSameAnswer(expected.replaceAll('"province"', '"state"'), got)).toBe(true);
    }
  });

  it("gives all 200 recorded rewards, 84 of them 1", () => {
    expect(replays.map(({ reward }) => reward)).toEqual(replays.map(({ simulation }) => simulation.reward));
    expect(replays.filter(({ reward }) => reward === 1)).toHaveLength(84);
  });

  it("has a conversation that was cut off in the right state, for which tau-bench gives 0", () => {
    const cutOff = replays.filter(({ hasEnded }) => !hasEnded);
    expect(cutOff).toHaveLength(5);
    expect(cutOff.filter(({ check }) => check.reward === 1)).toHaveLength(1);
  });

  it("says where a missed state differs", () => {
    const missed = replays.filter(({ check }) => check.stateMatches === false);
    expect(missed.length).toBeGreaterThan(0);
    for (const { check } of missed) {
      expect(check.stateDifferences.length).toBeGreaterThan(0);
      expect(check.stateDifferences.length).toBeLessThanOrEqual(20);
    }
  });
});

describe("the tool-calling retail recording", async () => {
  const replays = await replayAll("retail", "tool-calling.jsonl");

  it("gets the recorded answer from every tool call", () => {
    expect(replays.flatMap(({ answers }) => answers)).toHaveLength(793);
    expect(differing(replays)).toEqual([]);
  });

  it("gives all 100 recorded rewards, 73 of them 1", () => {
    expect(replays.map(({ reward }) => reward)).toEqual(replays.map(({ simulation }) => simulation.reward));
    expect(replays.filter(({ reward }) => reward === 1)).toHaveLength(73);
  });
});
