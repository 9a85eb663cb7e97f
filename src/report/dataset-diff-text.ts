import type { DatasetDiff, KeyChange, LoneCase } from "../datasets/tools/diff-datasets.js";
import { counted } from "./counted.js";
import { shortHash } from "./format.js";
import { oneLine } from "./plain-text.js";
import { type Paint, painter, type TextStyle, widthOf } from "./text-style.js";

const MOST_SHOWN = 50;

/** What differs between two versions of a golden set. Holdout cases show ids and keys, never a text. */
export function renderDatasetDiff(diff: DatasetDiff, style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style);
  const { before, after } = diff;
  const isSame = before.hash === after.hash;
  const parts = [
    `${diff.added.length} added`,
    `${diff.removed.length} removed`,
    `${diff.changed.length} changed`,
    ...(diff.renamed.length === 0 ? [] : [`${diff.renamed.length} renamed`]),
    `${diff.unchanged} unchanged`,
    ...(diff.isReordered ? ["in another order"] : []),
  ];
  return [
    `${oneLine(before.path, 200)} @${shortHash(before.hash)} (${counted(before.cases, "case")})`,
    `${oneLine(after.path, 200)} @${shortHash(after.hash)} (${counted(after.cases, "case")})`,
    ...limited(diff.added, (one) => [paint(loneLine("+", one, width), "green")], paint),
    ...limited(diff.removed, (one) => [paint(loneLine("-", one, width), "red")], paint),
    ...limited(
      diff.renamed,
      ({ from, to }) => [`= ${oneLine(from, 60)} is now called ${oneLine(to, 60)}`],
      paint,
    ),
    ...limited(
      diff.changed,
      (one) => [
        `${paint("~", "yellow")} ${oneLine(one.id, 60)} (line ${one.lineAfter})${one.isHoldout ? ", holdout" : ""}`,
        ...one.changes.map((change) => changeLine(change, width)),
      ],
      paint,
    ),
    isSame ? paint("the same content", "green") : parts.join(", "),
  ].join("\n");
}

function limited<Item>(
  items: readonly Item[],
  linesOf: (item: Item) => readonly string[],
  paint: Paint,
): readonly string[] {
  const hidden = items.length - MOST_SHOWN;
  return [
    ...items.slice(0, MOST_SHOWN).flatMap(linesOf),
    ...(hidden > 0 ? [paint(`  and ${hidden} more; --json lists them all`, "dim")] : []),
  ];
}

function loneLine(mark: string, { id, line, split, text }: LoneCase, width: number): string {
  const head = `${mark} ${oneLine(id, 60)} (line ${line}, ${split})`;
  return text === null ? head : `${head}  ${oneLine(text, Math.max(20, width - head.length - 2))}`;
}

function changeLine({ key, before, after }: KeyChange, width: number): string {
  if (before === null || after === null) return `    ${key}: differs (holdout: not shown)`;
  const room = Math.max(20, Math.floor((width - key.length - 10) / 2));
  return `    ${key}: ${oneLine(before, room)} → ${oneLine(after, room)}`;
}
