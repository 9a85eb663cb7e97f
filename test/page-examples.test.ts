import { afterAll, describe, expect, it } from "vitest";
import { definedByAgentctl } from "../src/eval/score/list-metrics.js";
import { expectShown, pageShell, stepsOf } from "./page-commands.js";
import { pages, pageText } from "./pages.js";

/** Every command starts the program anew. */
const SLOW_MS = 120_000;

const paths = pages
  .map(({ path }) => path)
  .filter((path) => path.startsWith("docs/how-to/") || path.startsWith("docs/migrate-from-"));

it("there are pages whose commands are run", () => {
  expect(paths.length).toBeGreaterThan(4);
});

describe.each(paths)("%s", (path) => {
  const steps = stepsOf(path);
  const shell = pageShell();
  afterAll(() => shell.remove());

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
});

describe.each(["docs/migrate-from-promptfoo.md", "docs/migrate-from-deepeval.md"])(
  "metrics of %s",
  (path) => {
    const layers = /`((?:task|latency|cost|retrieval|tool_calls|judge|safety|json|claims)\.\w+)`/g;
    const named = [...pageText(path).matchAll(layers)].map(([, name = ""]) => name);
    const known = definedByAgentctl().map(({ name }) => name);

    it("are there", () => {
      expect(named.length).toBeGreaterThan(5);
      expect(named.filter((name) => !known.includes(name))).toEqual([]);
    });
  },
);

describe("docs/migrate-from-deepeval.md", () => {
  it("says how often one of many good cases fails", () => {
    const share = Math.round(100 * (1 - 0.99 ** 100));
    expect(pageText("docs/migrate-from-deepeval.md")).toContain(`assertion in ${share} % of its runs`);
  });
});
