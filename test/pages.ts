import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");
/** Every page that users read, with its text. */
export const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
].map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

export function pageText(path: string): string {
  const page = pages.find((one) => one.path === path);
  if (page === undefined) throw new Error(`there is no page ${path}`);
  return page.text;
}

/** Fenced blocks of a language, with their place. */
export function fencedBlocks(language: string): readonly { readonly place: string; readonly text: string }[] {
  return pages.flatMap(({ path, text }) =>
    [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
      .filter((match) => match[1] === language)
      .map((match) => ({
        place: `${path}:${text.slice(0, match.index).split("\n").length}`,
        text: match[2] ?? "",
      })),
  );
}
