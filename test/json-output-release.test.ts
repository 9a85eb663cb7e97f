import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeIncident } from "../src/release/incident/incident-file.js";
import { makeIncident } from "../src/release/incident/make-incident.js";
import { sampleConversation, sampleRelease } from "../src/release/testing/sample-release.js";
import { type Document, documentOf, isReleaseKind, problemsOf, seen, validators } from "./json-documents.js";
import { startOpenaiServer } from "./openai-server.js";
import { startCli, temporaryFolder } from "./run-cli.js";

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

it("has shown a document of every kind", () => {
  expect([...seen].sort()).toEqual([...validators.keys()].filter(isReleaseKind).sort());
});
