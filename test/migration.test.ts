import { rmSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { definedByAgentctl } from "../src/eval/score/list-metrics.js";
import { expectShown, pageShell, stepsOf } from "./page-commands.js";
import { pageText } from "./pages.js";

const SLOW_MS = 120_000;

describe("docs/migrate-from-deepeval.md", () => {
  it("says how often one of many good cases fails", () => {
    const share = Math.round(100 * (1 - 0.99 ** 100));
    expect(pageText("docs/migrate-from-deepeval.md")).toContain(`assertion in ${share} % of its runs`);
  });
});

describe.each(["docs/migrate-from-promptfoo.md", "docs/migrate-from-deepeval.md"])("%s", (path) => {
  const steps = stepsOf(path);
  const shell = pageShell();
  afterAll(() => rmSync(shell.folder, { recursive: true }));

  it("has an example", () => {
    expect(steps.length).toBeGreaterThan(2);
    expect(steps.some(({ captures }) => captures.length > 0)).toBe(true);
  });

  it.each(steps)(
    "does what it says at line $line",
    async (step) => {
      expectShown(step, await shell.run(step));
    },
    SLOW_MS,
  );

  it("names metrics that there are", () => {
    const named = [
      ...pageText(path).matchAll(/`((?:task|latency|cost|retrieval|tool_calls|judge|safety|json)\.\w+)`/g),
    ];
    expect(named.length).toBeGreaterThan(5);
    const known = definedByAgentctl().map(({ name }) => name);
    for (const [, name = ""] of named) expect(known).toContain(name);
  });
});
