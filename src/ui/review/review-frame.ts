import { HELP, type ReviewScreenState, type Viewport } from "./review-controller.js";
import type { CardChoice, CardSection, ReviewCard, ReviewDesk } from "./review-desk.js";
import { cellsOf, clipCells, wrapCells } from "./wrap-cells.js";

/** One line of the screen. */
export interface FrameLine {
  readonly text: string;
  readonly tone: "plain" | "title" | "heading" | "judged" | "said" | "dim" | "keys" | "note";
}

export interface Frame {
  readonly lines: readonly FrameLine[];
  readonly viewport: Viewport;
}

const FEWEST_BODY_LINES = 3;
/** Lines around body and choices: title, two rules, status, keys, and the last row, which stays empty. */
const OTHER_LINES = 6;
/** Share of the screen that labels may take when the item does not fit, so that each has a line with what earns it. */
const MOST_CHOICE_SHARE = 1 / 6;

const KEYS = "s skip  f flag  c comment  u undo  n/p move  r rubric  ? help  q quit";

/** The whole screen as lines, one less than `rows`: a terminal scrolls when its last row is written. */
export function reviewFrame(
  desk: ReviewDesk,
  state: ReviewScreenState,
  size: { readonly columns: number; readonly rows: number },
): Frame {
  const width = Math.max(20, size.columns);
  const card = desk.card();
  const body = bodyLines(desk, card, state, width);
  const room = Math.max(size.rows * MOST_CHOICE_SHARE, size.rows - OTHER_LINES - body.length);
  const foot = footLines(card, state, width, room);
  const height = Math.max(FEWEST_BODY_LINES, size.rows - 1 - 2 - foot.length);
  const top = Math.max(0, Math.min(state.top, body.length - height));
  const seen = body.slice(top, top + height);
  const lines: readonly FrameLine[] = [
    { text: headLine(desk, width), tone: "title" },
    { text: ruleLine(place(top, seen.length, body.length), width), tone: "dim" },
    ...seen,
    ...Array.from({ length: height - seen.length }, (): FrameLine => ({ text: "", tone: "plain" })),
    ...foot,
  ];
  const headings = body.flatMap(({ tone }, line) => (isHeading(tone) ? [line] : []));
  return { lines, viewport: { height, total: body.length, headings } };
}

function isHeading(tone: FrameLine["tone"]): boolean {
  return tone === "heading" || tone === "judged" || tone === "said";
}

function headLine(desk: ReviewDesk, width: number): string {
  const progress = desk.progress();
  const title = clipCells(desk.title, Math.max(1, width - cellsOf(progress) - 2));
  return `${title}${" ".repeat(Math.max(2, width - cellsOf(title) - cellsOf(progress)))}${progress}`;
}

/** Where in the text the screen is; nothing when all of it is seen. */
function place(top: number, seen: number, total: number): string {
  return seen >= total
    ? ""
    : ` lines ${top + 1}-${top + seen} of ${total}${top + seen < total ? ", Space for more" : ""} `;
}

function ruleLine(text: string, width: number): string {
  const left = Math.max(0, width - cellsOf(text) - 2);
  return clipCells(`${"─".repeat(left)}${text}──`, width);
}

function bodyLines(
  desk: ReviewDesk,
  card: ReviewCard | null,
  { overlay }: ReviewScreenState,
  width: number,
): readonly FrameLine[] {
  if (overlay === "rubric") return sectionLines(desk.rubric, width);
  if (overlay === "help") return sectionLines(HELP, width);
  if (card !== null) return sectionLines(card.sections, width);
  const text =
    "Nothing is left for you now. n looks for what others have given back, p shows the last item again, u takes your last " +
    "action back, q quits.";
  return wrapCells(text, width).map((line) => ({ text: line, tone: "plain" }));
}

function sectionLines(sections: readonly CardSection[], width: number): readonly FrameLine[] {
  return sections.flatMap(({ title, text, tone }, index): readonly FrameLine[] => [
    ...(index === 0 ? [] : [{ text: "", tone: "plain" } as const]),
    {
      text: clipCells(`${tone === "judged" ? "▌" : "▏"}${title}`, width),
      tone: tone === "context" ? "heading" : tone,
    },
    ...wrapCells(text, width).map((line): FrameLine => ({ text: line, tone: "plain" })),
  ]);
}

function footLines(
  card: ReviewCard | null,
  { overlay, editor, note }: ReviewScreenState,
  width: number,
  room: number,
): readonly FrameLine[] {
  const rule: FrameLine = { text: "─".repeat(width), tone: "dim" };
  const said = [card === null || overlay !== null ? null : card.standing, note]
    .filter((words) => words !== null && words !== "")
    .join(" · ");
  const status: FrameLine = { text: clipCells(said, width), tone: "note" };
  if (editor !== null) {
    const question = editor.purpose === "flag" ? "Why flag it? " : "Comment: ";
    return [
      rule,
      { text: editorLine(question, editor, width), tone: "plain" },
      { text: clipCells("Enter saves  Esc cancels", width), tone: "keys" },
    ];
  }
  if (overlay !== null) {
    return [rule, status, { text: clipCells("Enter shows the item  q quit", width), tone: "keys" }];
  }
  const choices = card === null ? [] : choiceLines(card.choices, width, room);
  const keys = wrapCells(KEYS, width).map((text): FrameLine => ({ text, tone: "dim" }));
  return [rule, status, ...choices, ...keys];
}

function choiceLines(choices: readonly CardChoice[], width: number, room: number): readonly FrameLine[] {
  const lines =
    choices.length <= room
      ? choices.map(({ key, value, meaning }) => {
          const words = meaning === null ? "" : `  ${meaning.replace(/\s+/g, " ")}`;
          return clipCells(`${named(key, value)}${words}`, width);
        })
      : wrapCells(choices.map(({ key, value }) => named(key, value)).join("   "), width);
  return lines.map((text) => ({ text, tone: "keys" }));
}

function named(key: string, value: string): string {
  return key === value ? `[${key}]` : `[${key}] ${value}`;
}

/** The part of the line around the cursor, which is shown as a bar. */
function editorLine(
  question: string,
  { text, cursor }: { readonly text: string; readonly cursor: number },
  width: number,
): string {
  const characters = Array.from(text);
  const room = Math.max(8, width - cellsOf(question) - 2);
  const before = tail(characters.slice(0, cursor), room);
  return clipCells(`${question}${before}▏${characters.slice(cursor).join("")}`, width);
}

function tail(characters: readonly string[], room: number): string {
  let from = characters.length;
  let cells = 0;
  while (from > 0) {
    cells += cellsOf(characters[from - 1] ?? "");
    if (cells > room) break;
    from -= 1;
  }
  return `${from === 0 ? "" : "…"}${characters.slice(from).join("")}`;
}
