import { type EditedLine, type EditorKey, editLine } from "../review/line-editor.js";
import { releaseFrame } from "./release-frame.js";
import type { ReleaseScreen, ReleaseVerb, ScreenText } from "./release-screen.js";

/** Keys as ink names them. */
export type PressedKey = EditorKey & { readonly return: boolean; readonly escape: boolean };

export interface ReleaseDesk {
  /** As it stands now; `null` before the first look. */
  screen(): ReleaseScreen | null;
  /** Asks for something as the command of that name does. @returns what came of it, one line; never throws */
  ask(verb: ReleaseVerb, reason: string): Promise<string>;
  /** Who asks. */
  readonly actor: string;
}

const KEYS: Readonly<Record<string, ReleaseVerb>> = {
  p: "pause",
  r: "resume",
  a: "approve",
  b: "rollback",
};

type Mode =
  | { readonly kind: "watch" }
  | { readonly kind: "reason"; readonly verb: ReleaseVerb; readonly line: EditedLine }
  | { readonly kind: "confirm"; readonly verb: ReleaseVerb; readonly reason: string };

const WATCH: Mode = { kind: "watch" };

/** What keys do while a release is watched; knows nothing of how it is drawn. */
export class ReleaseKeys {
  #mode: Mode = WATCH;
  #said: ScreenText | null = null;

  constructor(private readonly desk: ReleaseDesk) {}

  frame(size: { readonly columns: number; readonly rows: number }) {
    const screen = this.desk.screen();
    if (screen === null) return [{ text: "reading journal and events", color: "dim" as const }];
    return releaseFrame(screen, this.#footers(screen), size);
  }

  /** @returns `quit` when the person leaves */
  async press(input: string, key: PressedKey): Promise<"quit" | null> {
    if (key.ctrl && input === "c") return "quit";
    switch (this.#mode.kind) {
      case "watch":
        return this.#watch(input);
      case "reason":
        this.#write(this.#mode, input, key);
        return null;
      case "confirm":
        await this.#confirm(this.#mode, input);
        return null;
    }
  }

  #watch(input: string): "quit" | null {
    if (input === "q") return "quit";
    const verb = KEYS[input];
    if (verb === undefined || this.desk.screen()?.hasEnded === true) return null;
    this.#said = null;
    this.#mode =
      verb === "rollback"
        ? { kind: "reason", verb, line: { text: "", cursor: 0 } }
        : { kind: "confirm", verb, reason: "" };
    return null;
  }

  #write(mode: Extract<Mode, { kind: "reason" }>, input: string, key: PressedKey): void {
    if (key.escape) this.#mode = WATCH;
    else if (!key.return) this.#mode = { ...mode, line: editLine(mode.line, input, key) };
    else if (mode.line.text.trim() !== "")
      this.#mode = { kind: "confirm", verb: mode.verb, reason: mode.line.text.trim() };
  }

  async #confirm({ verb, reason }: Extract<Mode, { kind: "confirm" }>, input: string): Promise<void> {
    this.#mode = WATCH;
    if (input !== "y") {
      this.#said = { text: `${verb}: not asked for`, tone: "dim" };
      return;
    }
    this.#said = { text: `${verb}: asked for, waiting for the answer`, tone: "warning" };
    this.#said = { text: await this.desk.ask(verb, reason), tone: "strong" };
  }

  #footers(screen: ReleaseScreen): ScreenText[] {
    const mode = this.#mode;
    if (mode.kind === "reason") {
      const { text, cursor } = mode.line;
      const shown = Array.from(text);
      const written = `${shown.slice(0, cursor).join("")}▏${shown.slice(cursor).join("")}`;
      return [
        { text: "enter goes on, esc leaves it. Why roll back?", tone: "strong" },
        { text: written, tone: "plain" },
      ];
    }
    if (mode.kind === "confirm") {
      const because = mode.reason === "" ? "" : `: ${mode.reason}`;
      return [
        {
          text: `y asks for it, any other key does not: ${mode.verb} as ${this.desk.actor}${because}`,
          tone: "strong",
        },
      ];
    }
    const keys = screen.hasEnded
      ? "q quit"
      : "p pause  r resume  a approve  b rollback  q quit (the release goes on)";
    return [...(this.#said === null ? [] : [this.#said]), { text: keys, tone: "dim" }];
  }
}
