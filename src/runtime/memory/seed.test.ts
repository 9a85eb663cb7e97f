import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readSeed } from "./seed.js";

const folder = mkdtempSync(join(tmpdir(), "agentctl-seed-"));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const file = join(folder, "seed.jsonl");
  writeFileSync(file, text);
  return readSeed(file, "seed.jsonl");
}

describe("readSeed", () => {
  it("reads facts with their ages in days, and skips empty lines", () => {
    const lines = [
      '{"user":"ada","text":"likes tea","age_days":2,"ttl_days":3,"attribute":"drink","kind":"preference"}',
      "",
      '{"user":"ben","tenant":"acme","id":"x","text":"is vegan","subject":"A-1"}',
    ];
    expect(read(lines.join("\r\n"))).toEqual([
      {
        tenantId: "default",
        userId: "ada",
        id: "seed-1",
        kind: "preference",
        subject: "user",
        attribute: "drink",
        text: "likes tea",
        ageMs: 172_800_000,
        ttlMs: 259_200_000,
      },
      {
        tenantId: "acme",
        userId: "ben",
        id: "x",
        kind: "fact",
        subject: "A-1",
        attribute: null,
        text: "is vegan",
        ageMs: 0,
        ttlMs: null,
      },
    ]);
  });

  it("reports every problem with its line", () => {
    const text = '{"user":"ada","text":"a"}\n{"user":"","text":"b"}\n{oops\n{"user":"a","text":"c","age":1}';
    expect(() => read(text)).toThrow(/seed\.jsonl:2 user[\s\S]*seed\.jsonl:3[\s\S]*seed\.jsonl:4/);
  });

  it("says which file is missing", () => {
    expect(() => readSeed(join(folder, "none.jsonl"), "agents/none.jsonl")).toThrow(/agents\/none\.jsonl/);
  });
});
