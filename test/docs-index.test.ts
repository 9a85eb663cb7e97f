import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { pages, pageText } from "./pages.js";

/** Pages that a page links to, from the root of the repository. */
function linkedFrom(path: string): readonly string[] {
  return [...pageText(path).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .map((match) => match[1] ?? "")
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => normalize(join(dirname(path), target)));
}

describe("docs/README.md", () => {
  const listed = linkedFrom("docs/README.md");
  const expected = pages
    .map(({ path }) => path)
    .filter((path) => path.startsWith("docs/") && path !== "docs/README.md")
    // Decisions have an index of their own.
    .filter((path) => !path.startsWith("docs/decisions/") || path === "docs/decisions/README.md");

  it("is linked from the README", () => {
    expect(linkedFrom("README.md")).toContain("docs/README.md");
  });

  it("lists every page", () => {
    expect(expected.filter((path) => !listed.includes(path))).toEqual([]);
  });

  it("says what each page is about, in one line", () => {
    const lines = pageText("docs/README.md")
      .split("\n")
      .filter((line) => line.startsWith("- "));
    expect(lines.length).toBeGreaterThanOrEqual(expected.length);
    for (const line of lines) expect(line).toMatch(/^- \[.+\]\(.+\.md\): .+[.?]$/);
  });

  it("has an index of decisions that lists each", () => {
    const decisions = pages.map(({ path }) => path).filter((path) => path.startsWith("docs/decisions/20"));
    expect(decisions.length).toBeGreaterThan(3);
    expect(decisions.filter((path) => !linkedFrom("docs/decisions/README.md").includes(path))).toEqual([]);
  });
});
