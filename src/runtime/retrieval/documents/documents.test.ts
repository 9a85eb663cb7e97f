import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError } from "../../../core/errors.js";
import { parseDocuments, readDocuments } from "./documents.js";

function problemsOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("readDocuments", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "documents-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("reads the folder and its subfolders in path order, with BOM and CRLF", () => {
    mkdirSync(join(folder, "more"));
    writeFileSync(join(folder, "more", "b.md"), "---\nid: b\ntitle: B\n---\nText of b.\n");
    writeFileSync(
      join(folder, "a.md"),
      "\uFEFF---\r\nid: a\r\ntitle: Page A\r\nupdated: 2026-01-02\r\nstatus: superseded\r\nsuperseded_by: b\r\naudience: agents\r\n---\r\n# Page A\r\n",
    );
    writeFileSync(join(folder, "notes.txt"), "not a document");
    expect(readDocuments(folder)).toEqual([
      {
        id: "a",
        title: "Page A",
        updated: "2026-01-02",
        status: "superseded",
        supersededBy: "b",
        body: "# Page A\n",
      },
      { id: "b", title: "B", updated: "", status: "current", supersededBy: null, body: "Text of b.\n" },
    ]);
  });

  it("says so when the folder is missing or holds no document", () => {
    expect(problemsOf(() => readDocuments(join(folder, "none"), "docs"))[0]).toMatch(/^docs cannot be read/);
    expect(problemsOf(() => readDocuments(folder, "docs"))).toEqual([
      "docs holds no .md file; expected at least one document",
    ]);
  });
});

describe("parseDocuments", () => {
  it("reports every problem of every file at once, with its line", () => {
    const good = "---\nid: a\ntitle: A\n---\nText";
    expect(
      problemsOf(() =>
        parseDocuments([
          { file: "a.md", text: good },
          { file: "b.md", text: "---\ntitle: B\nid: a\n---\nText" },
          { file: "c.md", text: "No front matter" },
          { file: "d.md", text: "---\nid: d\ntitle: [x\n---\nText" },
          { file: "e.md", text: "---\nid: e\ntitle: 7\nstatus: old\n---\nText" },
          { file: "f.md", text: "---\nid: f g\ntitle: F\nsuperseded_by: nowhere\n---\n" },
          { file: "g.md", text: "---\nid: g\ntitle: G\nsuperceded_by: a\n---\nText" },
          { file: "h.md", text: "---\n- id\n---\nText" },
        ]),
      ).map((line) => line.slice(0, 60)),
    ).toEqual([
      'c.md:1 expected YAML front matter between two "---" lines at',
      "d.md:4 front matter is not valid YAML: Flow sequence in bloc",
      'e.md:3 expected "title" to be a text; found 7',
      'e.md:4 expected "status" to be "current" or "superseded"; fo',
      'f.md:2 expected "id" of letters, digits, ".", "_" and "-"; f',
      'f.md:4 "superseded_by" contradicts status "current"; set `st',
      "f.md expected text below the front matter; found none",
      'g.md:4 unknown key "superceded_by"; did you mean "superseded',
      "h.md:2 front matter is not a map of plain values; expected l",
      'b.md:3 expected "id" to be unique; "a" is also in a.md:2',
      'f.md:4 expected "superseded_by" to be the id of another docu',
    ]);
  });

  it("raises nothing but a ConfigError, whatever the text", () => {
    const part = fc.constantFrom(
      "---\n",
      "id: a\n",
      "title: T\n",
      "x: *y\n",
      "a: &a [*a]\n",
      "- 1\n",
      "? {}\n",
      "id: a\n",
      "\t",
      "text\n",
      "{",
      "'",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const act = () => parseDocuments([{ file: "a.md", text: `---\n${parts.join("")}` }]);
        expect(() => problemsOf(act)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
