import { type EditedLine, type EditorKey, editLine } from "./line-editor.js";
import type { CardSection, ReviewDesk } from "./review-desk.js";

/** Keys that the queue tells apart, as ink names them. */
export interface ReviewKey extends EditorKey {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly pageUp: boolean;
  readonly pageDown: boolean;
  readonly return: boolean;
  readonly escape: boolean;
  readonly tab: boolean;
  readonly shift: boolean;
}

/** How the reviewer ended: by `q`, or by Ctrl-C. */
export type ReviewEnd = "quit" | "interrupted";

/** What is on the screen besides the item. */
export interface ReviewScreenState {
  /** Shown instead of the item. */
  readonly overlay: "rubric" | "help" | null;
  /** First line of the text that is seen, 0-based; a number too large means the last page. */
  readonly top: number;
  readonly editor: (EditedLine & { readonly purpose: "comment" | "flag" }) | null;
  /** What the last key did, in words. */
  readonly note: string;
}

/** Where the text on the screen begins and ends, as it was drawn last. */
export interface Viewport {
  /** Lines that are seen at once. */
  readonly height: number;
  /** Lines of the whole text. */
  readonly total: number;
  /** Lines on which a part begins. */
  readonly headings: readonly number[];
}

export const HELP: readonly CardSection[] = [
  {
    title: "Keys",
    tone: "context",
    text: [
      "Labels have the keys shown at the bottom; a label is saved at once and the next item comes.",
      "",
      "s  skip            the item gets no label of yours",
      "f  flag            somebody should look at it; asks why",
      "c  comment         Enter saves, Esc cancels",
      "u  undo            takes your last action back, also that of an earlier session",
      "n → / p ←          leave for later / look at the one before",
      "r  rubric          the question and what earns each label",
      "↑ ↓ j k            by a line; Space, PgUp, PgDn by a page",
      "Home End Tab       to the beginning, the end (the answer), the next part",
      "q  quit            everything is saved already",
      "",
      "Where n is a label, → alone goes on.",
    ].join("\n"),
  },
];

type Change = Partial<ReviewScreenState>;

/** What keys do. Knows nothing of how it is drawn. */
export class ReviewController {
  state: ReviewScreenState;
  private viewport: Viewport = { height: 1, total: 0, headings: [] };

  /** @param warnings - what to say first */
  constructor(
    readonly desk: ReviewDesk,
    warnings: readonly string[],
  ) {
    this.state = { overlay: "rubric", top: 0, editor: null, note: warnings.join("; ") };
  }

  /** Tells how the text was laid out, so that keys can move in it. */
  drawn(viewport: Viewport): void {
    this.viewport = viewport;
  }

  /** @returns how the review ended; `null` when it goes on */
  press(input: string, pressed: ReviewKey): ReviewEnd | null {
    // So a terminal sends Enter before it leaves line mode.
    const key = input === "\n" ? { ...pressed, return: true } : pressed;
    if (key.ctrl && input === "c") return "interrupted";
    const { editor, overlay } = this.state;
    if (editor === null && input === "q") return "quit";
    const top = editor === null ? this.scrolled(input, key) : null;
    const change =
      editor !== null
        ? this.edit(editor, input, key)
        : top !== null
          ? { top }
          : overlay !== null
            ? closeOverlay(input, key)
            : this.act(input, key);
    this.state = { ...this.state, ...change };
    return null;
  }

  private act(input: string, key: ReviewKey): Change {
    const { desk } = this;
    // Pasted text and a stuck key must not label items that nobody has seen.
    if (input.length > 1) return { note: "several keys at once were ignored" };
    if (input === "?") return { overlay: "help", top: 0, note: "" };
    if (input === "r") return { overlay: "rubric", top: 0, note: "" };
    if (input === "u") return moved(desk.undo() ?? "there is nothing to undo");
    const card = desk.card();
    const choice = card?.choices.find((one) => one.key === input);
    if (choice !== undefined) {
      desk.label(choice.value);
      return moved(`saved ${choice.value}; u takes it back`);
    }
    if (input === "n" || key.rightArrow) return moved(desk.next() ? "" : "there is no other item");
    if (input === "p" || key.leftArrow) return moved(desk.previous() ? "" : "there is no earlier item");
    if (card === null) return { note: "nothing is left; q quits" };
    if (input === "s") {
      desk.skip();
      return moved("skipped");
    }
    if (input === "f") return { editor: { purpose: "flag", text: "", cursor: 0 }, note: "" };
    if (input === "c") {
      const cursor = Array.from(card.comment).length;
      return { editor: { purpose: "comment", text: card.comment, cursor }, note: "" };
    }
    return input.trim() === "" || key.ctrl || key.meta
      ? {}
      : { note: `${input} is no key here; ? lists them` };
  }

  private edit(editor: NonNullable<ReviewScreenState["editor"]>, input: string, key: ReviewKey): Change {
    if (key.escape) return { editor: null, note: "cancelled" };
    // A fast typist's last letters and Enter may arrive as one.
    const isLine = /^[^\r\n]+[\r\n]$/.test(input);
    const line = key.return ? editor : editLine(editor, isLine ? input.slice(0, -1) : input, key);
    if (!key.return && !isLine) return { editor: { ...editor, ...line } };
    const text = line.text.trim();
    if (editor.purpose === "flag") this.desk.flag(text === "" ? null : text);
    else if (text !== "") this.desk.comment(text);
    const saved = text === "" ? "no comment" : "comment saved";
    return { editor: null, note: editor.purpose === "flag" ? "flagged" : saved };
  }

  /** @returns the first line to show; `null` when the key is none that scrolls */
  private scrolled(input: string, key: ReviewKey): number | null {
    const { height, total, headings } = this.viewport;
    const last = Math.max(0, total - height);
    const from = Math.min(this.state.top, last);
    const page = Math.max(1, height - 1);
    const moves: readonly (readonly [isKey: boolean, to: number])[] = [
      [key.upArrow || input === "k", from - 1],
      [key.downArrow || input === "j", from + 1],
      [key.pageUp, from - page],
      [key.pageDown || input === " ", from + page],
      [key.home, 0],
      [key.end, last],
      [key.tab && key.shift, headings.findLast((line) => line < from) ?? 0],
      [key.tab, headings.find((line) => line > from) ?? from],
    ];
    const move = moves.find(([isKey]) => isKey);
    return move === undefined ? null : Math.max(0, Math.min(move[1], last));
  }
}

function closeOverlay(input: string, key: ReviewKey): Change {
  const isOver = key.return || key.escape || input === "r" || input === "?";
  return isOver ? { overlay: null, top: 0, note: "" } : { note: "Enter shows the item" };
}

/** After a key that may have brought another item. */
function moved(note: string): Change {
  return { top: 0, note };
}
