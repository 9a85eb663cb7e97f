import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCli, temporaryFolder } from "./run-cli.js";

const PARTS = join(import.meta.dirname, "..", "datasets", "runtime", "parts");

it.each([
  ["with the ledger every case passes", (agent: string) => agent, { passed: 4, failed: 0 }],
  [
    "without it every case fails",
    (agent: string) => agent.slice(0, agent.indexOf("ledger:\n")),
    { passed: 0, failed: 4 },
  ],
])("%s", async (_, change, expected) => {
  const folder = temporaryFolder();
  for (const end of ["jsonl", "script.yaml", "tools.mjs"]) {
    cpSync(join(PARTS, `ledger.${end}`), join(folder, `ledger.${end}`));
  }
  writeFileSync(join(folder, "agent.yaml"), change(readFileSync(join(PARTS, "ledger.agent.yaml"), "utf8")));
  writeFileSync(
    join(folder, "agentctl.yaml"),
    "version: 1\ndefault_suite: s\nsuites:\n  s: { dataset: ledger.jsonl, agent: agent.yaml }\n",
  );
  const { stdout, stderr, exitCode } = await runCli(["eval", "--quiet", "--json"], { cwd: folder });
  expect(exitCode, stderr).toBe(0);
  const { totals } = JSON.parse(stdout) as { totals: { errors: number; passed: number; failed: number } };
  expect(totals).toMatchObject({ ...expected, errors: 0 });
});
