import { describe, expect, it } from "vitest";
import { type EditedLine, type EditorKey, editLine } from "./line-editor.js";

const NONE: EditorKey = {
  leftArrow: false,
  rightArrow: false,
  home: false,
  end: false,
  backspace: false,
  delete: false,
  ctrl: false,
  meta: false,
};

/** Types texts and presses keys; `|` in the result is the cursor. */
function typed(...keys: readonly (string | Partial<EditorKey & { readonly input: string }>)[]): string {
  const line = keys.reduce<EditedLine>(
    (now, key) => {
      if (typeof key === "string") return editLine(now, key, NONE);
      const { input = "", ...rest } = key;
      return editLine(now, input, { ...NONE, ...rest });
    },
    { text: "", cursor: 0 },
  );
  const characters = Array.from(line.text);
  return `${characters.slice(0, line.cursor).join("")}|${characters.slice(line.cursor).join("")}`;
}

describe("editLine", () => {
  it("inserts at the cursor, also what is pasted", () => {
    expect(typed("ac", { leftArrow: true }, "b")).toBe("ab|c");
    expect(typed("two\nlines\tand\u0007 more")).toBe("two lines and more|");
  });

  it("moves and deletes by character, word and line", () => {
    expect(typed("héy👍", { backspace: true })).toBe("héy|");
    expect(typed("héy👍", { leftArrow: true }, { delete: true })).toBe("hé|👍");
    expect(typed("one two ", { ctrl: true, input: "w" })).toBe("one |");
    expect(typed("one two", { leftArrow: true }, { ctrl: true, input: "u" })).toBe("|o");
    expect(typed("ab", { home: true }, { rightArrow: true }, { end: true }, { ctrl: true, input: "a" })).toBe(
      "|ab",
    );
  });

  it("ignores other control keys, and stops at its limit", () => {
    expect(typed("a", { ctrl: true, input: "x" }, { leftArrow: true }, { leftArrow: true })).toBe("|a");
    expect(typed("x".repeat(3000)).length).toBe(2001);
  });
});
