import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeIncident } from "../src/release/incident/incident-file.js";
import { makeIncident } from "../src/release/incident/make-incident.js";
import { sampleConversation, sampleRelease } from "../src/release/testing/sample-release.js";
import { documentOf, isReleaseKind, seen, validators } from "./json-documents.js";
import { temporaryFolder } from "./run-cli.js";

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

it("has shown a document of every kind", () => {
  expect([...seen].sort()).toEqual([...validators.keys()].filter(isReleaseKind).sort());
});
