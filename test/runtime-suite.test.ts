import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type EvalFlags, evaluate, systemClock } from "../src/index.js";
import { initialisedProject, temporaryFolder } from "./run-cli.js";

const ROOT = join(import.meta.dirname, "..");
const DATASET = join(ROOT, "datasets", "runtime.jsonl");

interface RuntimeCase {
  readonly id: string;
  readonly tags: readonly string[];
  readonly input: { readonly user?: { tools?: readonly string[] } };
}

const cases = readFileSync(DATASET, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as RuntimeCase);

const idsOf = (part: string) => cases.filter(({ tags }) => tags.includes(`part:${part}`)).map(({ id }) => id);

/** Cases of the shipped suite that did not pass, and the exit code of its gate. */
async function notPassed(flags: EvalFlags = {}) {
  const { report, exitCode } = await evaluate(
    { suite: "runtime", cache: false, gate: true, ...flags },
    {
      workingDirectory: project,
      env: {},
      clock: systemClock,
      signal: new AbortController().signal,
      observer: { runStarted() {}, trialStarted() {}, trialFinished() {}, runFinished() {} },
    },
  );
  expect(report.cases).toHaveLength(cases.length);
  const failed = report.cases.filter(({ trials }) => trials.some(({ passed }) => passed !== true));
  return { ids: failed.map(({ goldenCase }) => goldenCase.id), exitCode };
}

let project: string;
beforeAll(async () => {
  project = await initialisedProject();
});

/** What is switched off, and the cases that must then fail: these, and no other. */
const SWITCHES: readonly (readonly [part: string, fail: readonly string[]])[] = [
  ["model.fallbacks", ["models-fallback"]],
  ["model.max_retries", ["models-retry"]],
  ["strategy", idsOf("strategy")],
  ["tool_policy", idsOf("tools")],
  ["ledger", idsOf("ledger")],
  ["context", idsOf("context")],
  ["loop_guard", idsOf("loop")],
  ["retrieval", idsOf("retrieval")],
  ["retrieval.grounding", ["retrieval-ungrounded"]],
  ["memory", idsOf("memory")],
  ["guardrails", idsOf("guardrails")],
  ["guardrails.input", ["guardrails-override", "guardrails-password"]],
  ["guardrails.retrieval", ["guardrails-document"]],
  ["guardrails.tool", ["guardrails-exfiltration", "guardrails-tool-result"]],
  ["guardrails.output", ["guardrails-promise"]],
  ["team", [...idsOf("team"), "models-structured"]],
];

/** Parts of parts: what stands in the agent file instead of what. */
const CHANGES: readonly (readonly [to: string, file: string, from: string, fail: readonly string[]])[] = [
  ["method: bm25", "runtime.yaml", "method: hybrid", ["retrieval-misspelt"]],
  ["rewrite: { kind: none }", "runtime.yaml", "rewrite: { kind: conversation }", ["retrieval-follow-up"]],
  ["tenancy: { folders: false }", "runtime.yaml", "tenancy: { folders: true }", ["retrieval-tenant"]],
  ["output:\n    repair: false", "runtime/quoter.yaml", "output:", ["models-structured"]],
];

describe("the suite of the runtime", () => {
  it("passes its gate with every part on", async () => {
    expect(await notPassed()).toEqual({ ids: [], exitCode: 0 });
  });

  it.each(SWITCHES)("without %s its cases fail, and no other", async (part, fail) => {
    const { ids, exitCode } = await notPassed({ without: [part] });
    expect(fail.length).toBeGreaterThan(0);
    expect([...ids].sort()).toEqual([...fail].sort());
    expect(exitCode).toBe(1);
  });

  it("leaves no case without a part that it needs", () => {
    const needed = new Set([...SWITCHES.flatMap(([, fail]) => fail), ...idsOf("user")]);
    expect(cases.map(({ id }) => id).filter((id) => !needed.has(id))).toEqual([]);
  });

  it.each(CHANGES)(
    "with %s in %s instead of %s its cases fail, and no other",
    async (to, file, from, fail) => {
      const folder = temporaryFolder();
      for (const path of ["agents", "datasets/runtime"]) {
        cpSync(join(ROOT, path), join(folder, path), { recursive: true });
      }
      const path = join(folder, "agents", file);
      const text = readFileSync(path, "utf8");
      expect(text).toContain(from);
      writeFileSync(path, text.replace(from, to));
      expect((await notPassed({ agent: join(folder, "agents", "runtime.yaml") })).ids).toEqual(fail);
    },
  );

  it("without its tools the simulated user cannot say what it wants", async () => {
    const dataset = join(temporaryFolder(), "runtime.jsonl");
    const changed = cases.map((one) => {
      if (!one.tags.includes("part:user")) return one;
      const { tools, ...user } = one.input.user ?? {};
      return { ...one, input: { user } };
    });
    writeFileSync(dataset, changed.map((one) => JSON.stringify(one)).join("\n"));
    expect((await notPassed({ dataset })).ids).toEqual(idsOf("user"));
  });
});
