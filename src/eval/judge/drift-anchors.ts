import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { DatasetError, UsageError } from "../../core/errors.js";
import { didYouMean, listNames } from "../../core/nearest.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import { readTextFile } from "../project/read-text-file.js";
import { shownPath } from "../project/shown-path.js";

/** Items that are judged again each period, and where that is said. */
export interface AnchorItems {
  readonly items: ReadonlySet<string>;
  readonly source: string;
}

/**
 * The anchors that the user names: a file with an item a line, as its name or as a JSON object with a field `item` (such
 * as exported labels), or a tag of the judged items. What has a slash or a dot is a file.
 *
 * @throws {UsageError} when no item has the tag, or the file names none
 * @throws {DatasetError} for a line that names no item
 */
export function anchorItems(reference: string, store: JudgementStore, workingDirectory: string): AnchorItems {
  const path = resolve(workingDirectory, reference);
  if (/[./\\]/.test(reference) || existsSync(path)) {
    const shown = shownPath(path, workingDirectory);
    const text = readTextFile(path, shown, "a list of anchors", "`agentctl judge export` writes labels");
    const items = new Set(text.split(/\r?\n/).flatMap((line, index) => itemOf(line, shown, index + 1)));
    if (items.size > 0) return { items, source: shown };
    throw new UsageError(`--anchor ${reference}: expected an item a line, found none`);
  }
  return taggedItems(reference, store);
}

function itemOf(line: string, file: string, number: number): readonly string[] {
  const text = line.trim();
  if (text === "") return [];
  if (!text.startsWith("{")) return [text];
  const item = fieldOf(text);
  if (item !== null) return [item];
  const message = "expected the name of an item, or a JSON object with a text as `item`";
  throw new DatasetError([{ file, line: number, message }], { nextStep: "write one item a line" });
}

function fieldOf(text: string): string | null {
  try {
    const { item } = JSON.parse(text) as { readonly item?: unknown };
    return typeof item === "string" && item !== "" ? item : null;
  } catch {
    return null;
  }
}

function taggedItems(tag: string, store: JudgementStore): AnchorItems {
  const items = new Set<string>();
  const tags = new Set<string>();
  for (const { item, slices } of store.items()) {
    const own = (slices.tag ?? "").split(",").filter((one) => one !== "");
    for (const one of own) tags.add(one);
    if (own.includes(tag)) items.add(item);
  }
  if (items.size > 0) return { items, source: `tag ${tag}` };
  const known = [...tags].sort();
  const found = known.length === 0 ? "no judged item has tags" : `there are ${listNames(known)}`;
  throw new UsageError(
    `--anchor ${tag}: expected a file, or a tag of judged items${didYouMean(tag, known)} (${found})`,
    { nextStep: "name a file with an item a line" },
  );
}
