import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "./run-cli.js";
import { Tmux } from "./tmux.js";

let cwd: string;
let terminal: Tmux | null = null;

beforeAll(() => {
  cwd = temporaryFolder();
  mkdirSync(join(cwd, "agents"));
  const cases = Array.from({ length: 40 }, (_, index) => ({
    id: `case-${index}`,
    input: index === 0 ? "fail" : index === 1 ? "hang" : "wait",
    expect: { must_include: ["done"] },
  }));
  const files = {
    "agentctl.yaml":
      "version: 1\ndefault_suite: slow\nsuites:\n  slow: { dataset: golden.jsonl, agent: agents/slow.yaml }\n",
    "agents/slow.yaml": "kind: module\nname: slow\nversion: '1'\nmodule: ../slow.mjs\n",
    // The answer takes as long as the question wants.
    "slow.mjs": `import { setTimeout as wait } from "node:timers/promises";
const TAKES_MS = { fail: 10, hang: 20000, wait: 300 };
export default async ({ message }, { signal }) => {
  await wait(TAKES_MS[message], undefined, { signal });
  return message === "fail" ? "no" : "done";
};
`,
    "golden.jsonl": cases.map((one) => `${JSON.stringify(one)}\n`).join(""),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
});
afterEach(() => {
  terminal?.close();
  terminal = null;
});

describe("the live view", () => {
  it("shows what runs and what failed, pauses, skips, opens a trace, and stops with the way back", async () => {
    terminal = new Tmux(["eval", "--max-concurrency", "2"], { cwd });
    await terminal.until(/1 failed.*> +\d+s +case-1.*failed case-0.*\? help/s);
    terminal.press("?");
    await terminal.until(/skip the selected running trial; --resume runs it.*esc closes/s);
    terminal.press("Escape");
    await terminal.until(/failed case-0/);
    terminal.press("p");
    const held = doneOf(await terminal.until(/paused, 1 still running.*p go on/s));
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(doneOf(terminal.screen())).toBe(held);
    terminal.press("s");
    await terminal.until(/1 skipped.*0 still running/s);
    terminal.press("t");
    await terminal.until(/case-0.*up\/dn scroll +esc closes/s);
    terminal.press("Escape");
    await terminal.until(/failed case-0/);
    terminal.resize(40, 10);
    await terminal.until(/paused, 0 still running.*\? help {2}q stop/s);
    const small = terminal.screen().split("\n");
    expect(small.length).toBeLessThanOrEqual(10);
    expect(Math.max(...small.map((line) => line.length))).toBeLessThan(40);
    // What a frame leaves behind when it is redrawn would stand above the next one.
    expect(small.filter((line) => line.includes("1 skipped"))).toHaveLength(1);
    terminal.resize(90, 24);
    terminal.press("p");
    await terminal.until(/left.*> +\d+s +case-\d+/s);
    terminal.press("q");
    const end = await terminal.until(/exit code \d+/);
    expect(end).toMatch(/agentctl eval --resume \d{8}-\d{6}-/);
    expect(end).toMatch(/exit code 130\s*$/);
    expect(end).not.toMatch(/q stop|case-1$/m);
  });

  it("is not drawn in CI, nor into a pipe: no escape code is written", async () => {
    const one = ["eval", "--limit", "1"];
    terminal = new Tmux([...one, "2>&1", "|", "tee", "ci.txt"], { cwd });
    await terminal.until(/exit code \d/);
    expect(readFileSync(join(cwd, "ci.txt"), "utf8")).toContain("case-0");
    expect(readFileSync(join(cwd, "ci.txt"), "utf8")).not.toContain("\u001b");
    terminal.close();
    terminal = new Tmux(one, { cwd, env: "CI=true" });
    const shown = await terminal.until(/exit code \d/);
    expect(shown).not.toContain("? help");
  });
});

function doneOf(screen: string): string | undefined {
  return /(\d+)\/40/.exec(screen)?.[1];
}
