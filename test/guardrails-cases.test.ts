import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCli, temporaryFolder } from "./run-cli.js";

const PARTS = join(import.meta.dirname, "..", "datasets", "runtime", "parts");
const FILES = ["agent.yaml", "jsonl", "script.yaml", "tools.mjs"].map((end) => `guardrails.${end}`);

interface Report {
  readonly totals: { readonly errors: number; readonly passed: number };
  readonly cases: readonly {
    readonly goldenCase: { readonly id: string };
    readonly trials: readonly { readonly passed: boolean | null }[];
  }[];
}

it.each([
  ["nothing", []],
  ["guardrails.input", ["guardrails-override", "guardrails-password"]],
  ["guardrails.retrieval", ["guardrails-document"]],
  ["guardrails.tool", ["guardrails-exfiltration", "guardrails-tool-result"]],
  ["guardrails.output", ["guardrails-promise"]],
])("without %s these of the runtime cases fail: %j", async (off, expected) => {
  const cwd = temporaryFolder();
  for (const name of [...FILES, "guardrails-knowledge"]) {
    cpSync(join(PARTS, name), join(cwd, name), { recursive: true });
  }
  writeFileSync(
    join(cwd, "agentctl.yaml"),
    "version: 1\ndefault_suite: s\nsuites:\n  s: { dataset: guardrails.jsonl, agent: guardrails.agent.yaml }\n",
  );
  const flags = off === "nothing" ? [] : ["--without", off];
  const { stdout, stderr } = await runCli(["eval", "--json", "--quiet", ...flags], { cwd });
  expect(stderr).toBe("");
  const { totals, cases } = JSON.parse(stdout) as Report;
  const failed = cases.filter(({ trials }) => trials.some(({ passed }) => passed === false));
  expect(totals).toMatchObject({ errors: 0, passed: 6 - expected.length });
  expect(failed.map(({ goldenCase }) => goldenCase.id).sort()).toEqual(expected);
});
