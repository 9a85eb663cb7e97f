import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentVersionOf, loadAgent } from "./load-agent.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "agentctl-agent-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function version(model: string, files: Readonly<Record<string, string>> = {}): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const file = join(folder, "agent.yaml");
  writeFileSync(file, `name: a\nprompt: { version: "1", text: hi }\nmodel: ${model}\n`);
  return agentVersionOf(loadAgent(file, folder), { recording: null, tools: null, documents: null });
}

const script = (text: string) => `version: 1\nrules: [{ reply: { text: ${text} } }]\n`;

test("the content of a script is part of the version, its comments are not", () => {
  const scripted = "{ provider: scripted, name: s.yaml }";
  const first = version(scripted, { "s.yaml": script("one") });
  expect(version(scripted, { "s.yaml": `# a comment\n${script("one")}` })).toBe(first);
  expect(version(scripted, { "s.yaml": script("two") })).not.toBe(first);
});

test("so are the facts that the memory of a trial begins with", () => {
  const remembering = "{ provider: openai, name: m }\nmemory: { seed: seed.jsonl }";
  const fact = (text: string) => ({ "seed.jsonl": `{"user":"ada","text":"${text}"}\n` });
  const first = version(remembering, fact("likes tea"));
  expect(version(remembering, fact("likes tea"))).toBe(first);
  expect(version(remembering, fact("likes ink"))).not.toBe(first);
});

test("so is that of a script among the fallbacks", () => {
  const chain = "{ provider: openai, name: m, fallbacks: [{ provider: scripted, name: s.yaml }] }";
  expect(version(chain, { "s.yaml": script("one") })).not.toBe(version(chain, { "s.yaml": script("two") }));
});

test("who may answer is part of the version; how they are reached is not", () => {
  const plain = version("{ provider: openai, name: m }");
  expect(
    version(
      "{ provider: openai, name: m, base_url: 'http://127.0.0.1:1/v1', max_retries: 5, retry: { base_delay_ms: 9 }, " +
        "breaker: {}, limits: { max_concurrent: 3 }, hedge: { after_ms: 50 }, timeout_ms: 99, stream: false }",
    ),
  ).toBe(plain);
  const chain = version("{ provider: openai, name: m, fallbacks: [{ provider: openai, name: n }] }");
  expect(chain).not.toBe(plain);
  expect(
    version("{ provider: openai, name: m, fallbacks: [{ provider: openai, name: n, max_retries: 0 }] }"),
  ).toBe(chain);
  expect(version("{ provider: openai, name: m, output: { schema: { type: object } } }")).not.toBe(plain);
});
