import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeIncident } from "../src/release/incident/incident-file.js";
import { makeIncident } from "../src/release/incident/make-incident.js";
import { sampleConversation, sampleRelease } from "../src/release/testing/sample-release.js";
import { CanaryProject, UP_TO_BAKING } from "./canary-project.js";
import {
  type Document,
  documentOf,
  isReleaseKind,
  kinds,
  problemsOf,
  SHOWN_ELSEWHERE,
  seen,
} from "./json-documents.js";
import { startOpenaiServer } from "./openai-server.js";
import { initialisedProject, startCli, temporaryFolder } from "./run-cli.js";
import { runCommand } from "./run-command.js";

describe("incidents", () => {
  it("are listed, shown, turned into cases and closed", async () => {
    const cwd = temporaryFolder();
    const conversations = [sampleConversation({ thumb: false })];
    const facts = { release: sampleRelease(), rows: [], decision: null, conversations };
    writeIncident(join(cwd, "incidents"), {
      ...makeIncident(facts),
      contributing_factors: ["nobody tested it"],
      actions: [{ what: "test it", case: { input: "hello" } }],
    });
    await documentOf("incident-list", ["incident", "list"], { cwd });
    await documentOf("incident", ["incident", "show"], { cwd });
    const cases = await documentOf("incident-cases", ["incident", "cases", "--dataset", "a.jsonl"], { cwd });
    expect(cases).toMatchObject({ added: ["inc-rel-1-1"], kept: [] });
    const closed = await documentOf("incident", ["incident", "close"], { cwd });
    expect(closed).toMatchObject({ incident: { status: "closed" } });
  });
});

describe("a release", () => {
  it("has a state, requests, a way back, a history and an export", async () => {
    const project = await CanaryProject.create();
    const cwd = project.folder;
    project.release("rel-1", UP_TO_BAKING);
    await documentOf("canary-status", ["canary", "status"], { cwd, exitCode: 4 });
    const watch = await documentOf("canary-watch", ["canary", "watch"], { cwd, exitCode: 4 });
    expect(watch).toMatchObject({
      router: { kind: "exec", bps: 100 },
      targetBps: 100,
      status: { outcome: "live" },
    });
    await documentOf("canary-request", ["canary", "pause"], { cwd, env: { USER: "ana" } });
    await documentOf("canary-rollback", ["canary", "rollback"], { cwd, env: { USER: "ana" } });
    await documentOf("canary-history", ["canary", "history"], { cwd });
    await documentOf("canary-export", ["canary", "export"], { cwd });
    await project.remove();
  });
});

describe("plans of a rollout", () => {
  it("say what they can tell, and what recorded runs come to by them", async () => {
    const cwd = await initialisedProject();
    const recorded = join(import.meta.dirname, "fixtures", "tau2-ab", "retail.gpt-4.1.jsonl");
    await runCommand(["import", "tau2", recorded, "--tag", "stable"], { cwd });
    const release = [
      "version: 1",
      "service: support",
      "traffic: http://127.0.0.1:1",
      "stable: { url: http://127.0.0.1:2 }",
      "canary: { url: http://127.0.0.1:3 }",
      "router: { type: gateway, control: http://127.0.0.1:4, token: env:TOKEN }",
    ];
    writeFileSync(join(cwd, "release.yaml"), release.join("\n"));
    const gates = [
      "version: 1",
      "gates: [{ metric: task.success, min: 0.5 }]",
      "canary:",
      "  steps: [{ traffic: 50%, bake: 1h }]",
      '  rollback_triggers: { resolution_rate: { threshold: "-10%", window: 30m } }',
    ];
    writeFileSync(join(cwd, "canary.yaml"), gates.join("\n"));
    const by = ["--gates", "canary.yaml", "--traffic"];
    const plan = await documentOf(
      "canary-plan",
      ["canary", "plan", ...by, "900/h", "--stable-run", "stable"],
      { cwd },
    );
    expect(plan).toMatchObject({ stableRate: 0.85, refusals: [] });
    const blind = await documentOf("canary-plan", ["canary", "plan", ...by, "9/h"], { cwd, exitCode: 2 });
    expect(blind.refusals).toHaveLength(2);
    const simulate = ["canary", "simulate", "--stable", "stable", ...by, "900/h", "--planted", "0,-40"];
    const found = await documentOf("canary-simulation", [...simulate, "--rollouts", "6", "--jobs", "2"], {
      cwd,
    });
    expect(found.scenarios).toMatchObject([
      { isAlike: true, ways: [{ way: "plan", rolledBack: { rollouts: 0 } }, {}, {}] },
      { stableRate: 0.85, ways: [{ causes: { resolution_rate: 6 }, rolledBack: { share: 1 } }, {}, {}] },
    ]);
  });
});

describe("the gateway", () => {
  const env = { GATEWAY_TOKEN: "token-of-the-test" };

  it("begins, checks its arms, and makes, lists and removes keys", async () => {
    const cwd = temporaryFolder();
    const server = await startOpenaiServer({ delayMs: 0, text: "hello" });
    const yaml = [
      "version: 1",
      "service: support",
      "listen: { port: 0 }",
      `arms: { stable: { url: "${server.baseUrl}" } }`,
      "keys: keys.yaml",
      'control: { listen: "unix:c.sock", token: env:GATEWAY_TOKEN }',
    ];
    writeFileSync(join(cwd, "gateway.yaml"), yaml.join("\n"));
    const key = ["gateway", "key"];
    await documentOf("gateway-key", [...key, "add", "shop", "--tenant", "acme"], { cwd });
    await documentOf("gateway-key-list", [...key, "list"], { cwd });
    await documentOf("gateway-check", ["gateway", "check"], { cwd, env });
    const gateway = startCli(["gateway", "--json"], { cwd, env });
    gateway.stdout?.once("data", () => gateway.kill("SIGINT"));
    const { stdout, exitCode } = await gateway;
    const document = JSON.parse(stdout) as Document;
    expect({ exitCode, problems: problemsOf(document) }).toEqual({ exitCode: 0, problems: [] });
    expect(document).toMatchObject({ schema: "agentctl/gateway-server", service: "support" });
    await documentOf("gateway-key-removed", [...key, "remove", "shop"], { cwd });
    await server.close();
  });
});

describe("canary watchdog", () => {
  it("says that nothing is live, and configuration is rendered", async () => {
    const project = await CanaryProject.create();
    await documentOf("canary-watchdog", ["canary", "watchdog"], { cwd: project.folder });
    await documentOf("canary-render", ["canary", "render", "haproxy"], { cwd: project.folder });
    await project.remove();
  });
});

it("has shown a document of every kind", () => {
  const elsewhere = Object.entries(SHOWN_ELSEWHERE).filter(([kind, file]) =>
    readFileSync(join(import.meta.dirname, file), "utf8").includes(`documentOf("${kind}"`),
  );
  const shown = [...seen, ...elsewhere.map(([kind]) => kind)];
  expect(shown.sort()).toEqual(kinds.filter(isReleaseKind).sort());
});
