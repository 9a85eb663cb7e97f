import { describe, expect, test } from "vitest";
import { ConfigError } from "../core/errors.js";
import { parseGatesFile } from "./gates/parse-gates-file.js";
import { parseAgentFile } from "./parse-agent-file.js";
import { parseProjectFile } from "./parse-project-file.js";

const ORDER_TOOLS = ["get_order", "cancel_order", "refund_order"];

const readers = {
  "agents/support.yaml": (text: string) =>
    parseAgentFile(text, "agents/support.yaml", {
      providers: ["embedded", "openai", "anthropic", "replay"],
      environments: ["orders", "tau-airline"],
      toolsOf: (environment) => (environment === "orders" ? ORDER_TOOLS : []),
    }),
  "gates.yaml": (text: string) =>
    parseGatesFile(text, "gates.yaml", {
      metrics: ["generation.faithfulness", "retrieval.hit_rate", "latency.p95_ms"],
    }),
  "agentctl.yaml": (text: string) => parseProjectFile(text, "agentctl.yaml"),
};

type FileName = keyof typeof readers;

const badFiles: readonly [title: string, file: FileName, text: string][] = [
  [
    "unknown names",
    "agents/support.yaml",
    `name: support
prompt: {version: 1, text: hi}
model:
  provider: opena
  name: gpt-4o
  temprature: 0.3
environment: order
tools: [get_ordr]
`,
  ],
  [
    "a mistyped block is not also a missing one",
    "agents/support.yaml",
    `name: Support Bot
prompt:
  version: "1"
moddel:
  provider: openai
limits: 30
`,
  ],
  [
    "wrong types and ranges",
    "agents/support.yaml",
    `name: support
prompt: {version: "1", file: a.md, text: x}
model:
  provider: openai
  name: gpt
  base_url: localhost
  temperature: 3
  stream: yes
  max_retries: "2"
  timeout_ms: 0
environment: orders
tools:
  - get_order
  - canel_order
  - 7
retrieval:
  top_k: 2.5
`,
  ],
  [
    "a key where the name of its variable belongs is not printed",
    "agents/support.yaml",
    `name: support
prompt: {version: "1", text: x}
model: {provider: openai, name: gpt, api_key_env: sk-secret-123}
`,
  ],
  [
    "tools without an environment",
    "agents/support.yaml",
    `name: support
prompt: {version: "1", text: x}
model: {provider: embedded, name: lexical}
tools: [get_order]
`,
  ],
  ["empty file", "agents/support.yaml", ""],
  ["only a comment", "agents/support.yaml", "# nothing here yet\n"],
  ["a list", "agents/support.yaml", "- name: support\n"],
  ["plain text", "agents/support.yaml", "just text"],
  ["keys without values", "agents/support.yaml", "name: support\nprompt:\nmodel:\n"],
  ["duplicate keys", "agents/support.yaml", "name: a\nname: b\nmodel:\n  provider: x\n  provider: y\n"],
  ["a quote that never closes", "agents/support.yaml", "name: 'a\nmodel:\n  provider: x\n"],
  ["a tab as indentation", "agents/support.yaml", "name: a\nmodel:\n\tprovider: x\n"],
  ["two documents", "agents/support.yaml", "name: a\n---\nname: b\n"],
  ["an alias without an anchor", "agents/support.yaml", "name: a\nmodel: *shared\n"],
  ["a list as a key", "agents/support.yaml", "name: a\n? [x, y]\n: 1\n"],
  ["a merge of nothing", "agents/support.yaml", "name: a\nmodel: {<<}\n"],
  ["an anchor that holds itself", "agents/support.yaml", "name: &x [*x]\n"],
  [
    "unknown metrics and keys",
    "gates.yaml",
    `version: "1"
gates:
  - metric: faithfullness
    min: 0.85
  - metric: hit_rate
    minimum: 0.8
  - metric: banana
    min: 5
    max: 3
    bound: lowr
    severity: hi
  - min: 3
`,
  ],
  ["no gates", "gates.yaml", "version: 1\ngates: []\n"],
  ["wrong shapes", "gates.yaml", "version: 2\ngates: {metric: a}\ndefaults: {alpha: 1}\n"],
  [
    "wrong suites",
    "agentctl.yaml",
    `version: 1
default_suite: startr
suites:
  starter:
    dataset: a.jsonl
    agent: b.yaml
    trails: 3
  two: x
  three: {dataset: 1}
max_concurrency: 0
`,
  ],
  ["no suites", "agentctl.yaml", "version: 1\ndefault_suite: starter\nsuites: {}\n"],
];

function problemsOf(file: FileName, text: string): ConfigError {
  try {
    readers[file](text);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error(`expected ${file} to be refused:\n${text}`);
}

describe("bad configuration files", () => {
  test("each gets the messages of the golden file", async () => {
    const report = badFiles.map(
      ([title, file, text]) => `## ${title}\n${text}\n>> ${problemsOf(file, text).message}\n`,
    );
    await expect(report.join("\n")).toMatchFileSnapshot("__golden__/bad-config.txt");
  });

  test.each(badFiles)("%s: every problem names the file and exits 2", (_, file, text) => {
    const error = problemsOf(file, text);
    expect(error.exitCode).toBe(2);
    for (const problem of error.problems) expect(problem.file).toBe(file);
  });
});
