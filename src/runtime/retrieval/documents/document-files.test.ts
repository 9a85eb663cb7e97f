import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError } from "../../../core/errors.js";
import { readDocuments } from "./documents.js";

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "files-"));
  folder = join(root, "docs");
  mkdirSync(folder);
  write("docs/good.md", page("good"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function page(id: string, head = ""): string {
  return `---\nid: ${id}\ntitle: ${id}\n${head}---\nText of ${id}.\n`;
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), content);
}

function problems(tenantFolders = false): string[] {
  try {
    readDocuments(folder, "docs", { tenantFolders });
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("documents that cannot be read", () => {
  it("are all named at once, each with what is wrong", () => {
    write("docs/binary.md", Buffer.from("---\nid: b\ntitle: B\n---\nPNG\u0000\u0001"));
    write("docs/empty.md", "");
    write("docs/huge.md", "---\n");
    truncateSync(join(folder, "huge.md"), 17 * 1024 * 1024);
    write("docs/latin.md", Buffer.concat([Buffer.from(page("l")), Buffer.from("caf\xe9\n", "latin1")]));
    mkdirSync(join(folder, "folder.md"));
    symlinkSync(join(root, "nowhere.md"), join(folder, "broken.md"));
    execFileSync("mkfifo", [join(folder, "pipe.md")]);
    expect(problems()).toEqual([
      expect.stringMatching(/^docs\/binary\.md:5 holds a zero byte/),
      expect.stringMatching(/^docs\/broken\.md cannot be read \(ENOENT\)/),
      expect.stringMatching(/^docs\/huge\.md has 17825792 bytes; expected at most 16777216/),
      expect.stringMatching(/^docs\/latin\.md:6 is not UTF-8 text/),
      expect.stringMatching(/^docs\/pipe\.md is no file/),
    ]);
    for (const name of ["binary", "huge", "latin", "broken", "pipe"]) rmSync(join(folder, `${name}.md`));
    expect(problems()).toEqual([
      'docs/empty.md:1 expected YAML front matter between two "---" lines at the top; add at least `id` and `title`',
    ]);
  });

  it("are left alone when they are hidden", () => {
    write("docs/.git/notes.md", "no front matter");
    write("docs/.draft.md", "no front matter");
    expect(readDocuments(folder).map(({ id }) => id)).toEqual(["good"]);
  });
});

describe("links", () => {
  it("within the folder are followed, those out of it refused", () => {
    write("outside/secret.md", page("secret"));
    write("docs/parts/one.md.txt", page("one"));
    symlinkSync(join(folder, "parts", "one.md.txt"), join(folder, "one.md"));
    expect(readDocuments(folder).map(({ id }) => id)).toEqual(["good", "one"]);
    symlinkSync(join("..", "outside", "secret.md"), join(folder, "leak.md"));
    expect(problems()).toEqual([
      "docs/leak.md is a link that leads out of the folder; copy the document instead",
    ]);
  });

  it("to folders are not followed", () => {
    write("outside/secret.md", page("secret"));
    symlinkSync(join(root, "outside"), join(folder, "linked"));
    expect(readDocuments(folder).map(({ id }) => id)).toEqual(["good"]);
  });

  it("are refused across the folders of tenants, and out of one to everybody's", () => {
    write("docs/acme/plan.md", page("plan"));
    write("docs/globex/own.md", page("own"));
    symlinkSync(join("..", "acme", "plan.md"), join(folder, "globex", "theirs.md"));
    symlinkSync(join("acme", "plan.md"), join(folder, "public.md"));
    expect(problems(true)).toEqual([
      'docs/globex/theirs.md is a link to a document of "acme"; copy the document instead',
      'docs/public.md is a link to a document of "acme"; copy the document instead',
    ]);
  });

  it("may be the folder itself", () => {
    symlinkSync(folder, join(root, "link"));
    expect(readDocuments(join(root, "link")).map(({ id }) => id)).toEqual(["good"]);
  });
});
