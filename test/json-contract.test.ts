import { describe, expect, it } from "vitest";
import { documentSchemas } from "../src/report/schemas/document-schemas.js";
import { schemas } from "./json-documents.js";
import { copyOfFixture } from "./run-cli.js";
import { runCommand } from "./run-command.js";

describe("schemas/output", () => {
  it("is up to date: `npm run schemas` writes it", () => {
    expect(schemas).toEqual(documentSchemas());
  });

  it.each([...schemas])("%s names its document and takes no other key", (name, text) => {
    const schema = JSON.parse(text) as {
      additionalProperties: unknown;
      required: string[];
      properties: { [key: string]: unknown };
    };
    expect(schema.additionalProperties).toBe(false);
    expect([...schema.required].sort()).toEqual(Object.keys(schema.properties).sort());
    expect(schema.properties.schema).toMatchObject({
      const: `agentctl/${name.replace(".schema.json", "")}`,
    });
  });
});

describe("an error under --json", () => {
  const wrong = [
    ["eval", "--suite", "nothing"],
    ["eval", "--tag", "latest"],
    ["gate", "nothing"],
    ["report", "nothing"],
    ["runs", "list", "--limit", "0"],
    ["runs", "show", "nothing"],
    ["runs", "rm", "nothing"],
    ["runs", "tag", "nothing", "main"],
    ["trace", "latest", "nothing"],
    ["import", "tau", "nothing.jsonl", "--domain", "airline"],
    ["judge", "agreement", "nothing.jsonl", "--a", "label"],
    ["judge", "run", "nothing", "--judge", "nothing"],
    ["dataset", "check", "nothing.jsonl"],
    ["compare", "nothing", "latest"],
    ["score", "nothing"],
    ["runs", "trend", "nothing"],
    ["metrics", "--nothing"],
  ];

  it.each(wrong.map((args) => ({ args })))("$args is text on stderr, exit 2", async ({ args }) => {
    const cwd = copyOfFixture("small");
    const { stdout, stderr, exitCode } = await runCommand([...args, "--json", "--quiet"], { cwd });
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
    expect(stderr).toMatch(/^error/);
    expect(stderr).not.toContain("this is a bug");
  });
});
