import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCli, temporaryFolder } from "./run-cli.js";

const PARTS = join(import.meta.dirname, "..", "datasets", "runtime", "parts");
const without = (key: string) => (agent: string) =>
  agent.replace(new RegExp(`^( *)${key}:.*\\n(\\1 +.*\\n)*`, "m"), "");

/** What each part of retrieval is for: without it, exactly these cases fail, and none of them in error. */
it.each<[string, (agent: string) => string, string[]]>([
  ["with every part, none", (agent) => agent, []],
  ["with BM25 alone, the misspelt question", (agent) => agent.replace("hybrid", "bm25"), ["misspelt"]],
  ["without rewriting, the question that points back", without("rewrite"), ["follow-up"]],
  ["without grounding, the question that no document answers", without("grounding"), ["ungrounded"]],
  ["without the folders of tenants, the question for another's terms", without("tenancy"), ["tenant"]],
  [
    "without retrieval, all",
    without("retrieval"),
    ["follow-up", "misspelt", "superseded", "tenant", "ungrounded"],
  ],
])("fails %s", async (_, change, expected) => {
  const folder = temporaryFolder();
  for (const name of ["retrieval.jsonl", "retrieval.script.yaml", "retrieval-knowledge"]) {
    cpSync(join(PARTS, name), join(folder, name), { recursive: true });
  }
  writeFileSync(
    join(folder, "agent.yaml"),
    change(readFileSync(join(PARTS, "retrieval.agent.yaml"), "utf8")),
  );
  writeFileSync(
    join(folder, "agentctl.yaml"),
    `version: 1
default_suite: s
suites:
  s:
    dataset: retrieval.jsonl
    agent: agent.yaml
    user_model: { provider: scripted, name: retrieval.script.yaml }
`,
  );
  const { stdout, stderr } = await runCli(["eval", "--quiet", "--json"], { cwd: folder });
  expect(stderr).toBe("");
  const { cases } = JSON.parse(stdout) as {
    cases: { goldenCase: { id: string }; trials: { status: string; passed: boolean | null }[] }[];
  };
  expect(cases.map(({ trials: [trial] }) => trial?.status)).toEqual(cases.map(() => "completed"));
  const failed = cases.flatMap(({ goldenCase, trials: [trial] }) =>
    trial?.passed === true ? [] : [goldenCase.id.replace("retrieval-", "")],
  );
  expect(failed.sort()).toEqual(expected);
});
