import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import type { ConfigError } from "../../core/errors.js";
import type { Model } from "../../models/model.js";
import { buildAgent } from "./build-agent.js";
import { loadAgent } from "./load-agent.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentctl-team-"));
  await mkdir(join(folder, "deep"));
});
afterAll(() => rm(folder, { recursive: true }));

const model: Model = {
  provider: "fake",
  name: "fake",
  complete: () => {
    throw new Error("nobody asks");
  },
};

interface File {
  readonly prompt?: string;
  readonly environment?: string;
  readonly tools?: string;
  readonly specialists?: Readonly<Record<string, string>>;
  readonly extra?: string;
}

async function write(name: string, { prompt = "p", environment, tools, specialists, extra = "" }: File) {
  const lines = [
    "name: agent",
    `prompt: { version: "1", text: ${prompt} }`,
    "model: { provider: embedded, name: embedded-v1 }",
    ...(environment === undefined ? [] : [`environment: ${environment}`]),
    ...(tools === undefined ? [] : [`tools: ${tools}`]),
    ...(specialists === undefined
      ? []
      : ["team:", ...(extra === "" ? [] : [`  ${extra}`]), "  specialists:"]),
    ...Object.entries(specialists ?? {}).flatMap(([key, agent]) => [
      `    ${key}: { agent: ${agent}, description: d, limits: { max_steps: 3 } }`,
    ]),
  ];
  await writeFile(join(folder, name), `${lines.join("\n")}\n`);
}

const load = (name: string) =>
  buildAgent(loadAgent(join(folder, name), folder), model, {
    recordingHash: null,
    timeoutMs: undefined,
    seed: undefined,
    storage: { kind: "memory" },
    dataFolder: join(folder, "data"),
    workingDirectory: folder,
    specialistModel: async () => model,
    env: {},
    clock: systemClock,
  });

const problems = async (name: string) => {
  const error = await load(name).then(
    () => null,
    (cause: unknown) => cause as ConfigError,
  );
  return error?.problems.map(({ file, message }) => `${file} ${message}`) ?? [];
};

describe("a team in agent files", () => {
  it("gives the supervisor its tools, beside those that it may use", async () => {
    await write("clerk.yaml", { environment: "orders" });
    await write("boss.yaml", {
      environment: "orders",
      tools: "[lookup_order]",
      specialists: { clerk: "clerk.yaml" },
    });
    const agent = await load("boss.yaml");
    expect(agent.toolNames).toEqual(["lookup_order", "delegate_to_clerk", "read_shared", "write_shared"]);
    expect(agent.parts.at(-1)?.name).toBe("team");
    await agent.close?.();
  });

  it("without a team is as it was", async () => {
    await write("alone.yaml", { environment: "orders" });
    const agent = await load("alone.yaml");
    expect([agent.toolNames, agent.tools, agent.parts]).toEqual([null, [], []]);
  });

  it("is another version when a specialist is", async () => {
    await write("clerk.yaml", {});
    await write("boss.yaml", { specialists: { clerk: "clerk.yaml" } });
    const before = (await load("boss.yaml")).version;
    expect((await load("boss.yaml")).version).toBe(before);
    await write("clerk.yaml", { prompt: "another" });
    expect((await load("boss.yaml")).version).not.toBe(before);
  });

  it("must not go round in a circle", async () => {
    await write("a.yaml", { specialists: { b: "b.yaml" } });
    await write("b.yaml", { specialists: { c: "deep/../a.yaml" } });
    expect(await problems("a.yaml")).toEqual([
      "b.yaml team.specialists.c: a.yaml is a supervisor of this agent; a team must not go round in a circle",
    ]);
    await write("self.yaml", { specialists: { me: "self.yaml" } });
    expect(await problems("self.yaml")).toHaveLength(1);
  });

  it("has no more levels than the outermost allows, whatever those below say", async () => {
    await write("d3.yaml", {});
    await write("d2.yaml", { specialists: { d3: "d3.yaml" } });
    await write("d1.yaml", { specialists: { d2: "d2.yaml" }, extra: "max_depth: 5" });
    await write("d0.yaml", { specialists: { d1: "d1.yaml" } });
    expect(await problems("d1.yaml")).toEqual([]);
    expect((await problems("d0.yaml")).join()).toContain("d2.yaml team.specialists.d3: more than 2 levels");
    await write("d0.yaml", { specialists: { d1: "d1.yaml" }, extra: "max_depth: 3" });
    expect(await problems("d0.yaml")).toEqual([]);
  });

  it("acts in one environment", async () => {
    await write("clerk.yaml", { environment: "tau-retail" });
    await write("boss.yaml", { environment: "orders", specialists: { clerk: "clerk.yaml" } });
    expect((await problems("boss.yaml")).join()).toContain(
      "acts in environment tau-retail, this agent in orders",
    );
  });
});
