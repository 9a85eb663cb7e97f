import { PassThrough } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { systemClock } from "../../core/clock.js";
import type { Subject } from "../../core/judgement.js";
import { openJudgementStore } from "../../store/judgement-store.js";
import { showReviewScreen } from "../../ui/review/review-screen.js";
import { openReviewSession, type ReviewSessionOptions } from "./review-session.js";
import { terminalDesk } from "./terminal-desk.js";
import { helpfulness, hostile, pair, plainItems, preference, refund } from "./testing/serve-samples.js";

const UP = "\u001b[A";
const PAGE_DOWN = "\u001b[6~";
const RIGHT = "\u001b[C";
const LEFT = "\u001b[D";
const END = "\u001b[F";
const TAB = "\t";
const ENTER = "\r";
const ESCAPE = "\u001b";
const WAIT_MS = 5000;

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The queue on a terminal that is played by streams. */
function openScreen(
  subjects: readonly Subject[],
  {
    judge = helpfulness,
    size = { columns: 80, rows: 24 },
    useColor = false,
    ...options
  }: Partial<ReviewSessionOptions> & { readonly size?: Size; readonly useColor?: boolean } = {},
) {
  const store = options.store ?? openJudgementStore(":memory:");
  const session = openReviewSession({
    store,
    judge,
    subjects,
    annotator: "ann",
    source: "review",
    clock: systemClock,
    ...options,
  });
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => {},
    ref: () => {},
    unref: () => {},
  });
  const frames: string[] = [];
  const screen = Object.assign(new PassThrough(), { isTTY: true, ...size });
  screen.on("data", (chunk: Buffer) => frames.push(chunk.toString()));
  let interrupt = () => {};
  const ended = showReviewScreen(terminalDesk(session, judge), {
    stdin: stdin as unknown as NodeJS.ReadStream,
    screen: screen as unknown as NodeJS.WriteStream,
    useColor,
    warnings: session.warnings,
    onInterrupt: (handler) => {
      interrupt = handler;
      return () => {};
    },
    debug: true,
  });
  const last = () => frames.findLast((frame) => frame.includes("─")) ?? "";
  return {
    store,
    session,
    ended,
    frames,
    last,
    interrupt: () => interrupt(),
    resize: (to: Size) => {
      Object.assign(screen, to);
      screen.emit("resize");
    },
    /** Presses a key, and waits until the screen shows a text. */
    press: async (key: string, shows: string) => {
      const before = frames.length;
      stdin.write(key);
      const until = performance.now() + WAIT_MS;
      while (!(frames.length > before && last().includes(shows))) {
        if (performance.now() > until) throw new Error(`after ${JSON.stringify(key)}:\n${last()}`);
        await wait(5);
      }
      return last();
    },
    write: (key: string) => void stdin.write(key),
    quit: () => {
      stdin.write("q");
      return ended;
    },
  };
}

type Screen = ReturnType<typeof openScreen>;

function said({ store }: Screen, { name }: JudgeConfig = helpfulness) {
  return store.labels(name).map(({ action, value, comment }) => comment ?? value ?? action);
}

describe("the review queue in a terminal", () => {
  it("begins with the rubric, then shows one item after the other", async () => {
    const screen = openScreen(plainItems(3));
    await screen.press(" ", "Rubric helpfulness, version 3");
    // A label before the item was seen would be a guess.
    await screen.press("5", "Enter shows the item");
    const item = await screen.press("\n", "▌Answer");
    expect(item).toContain("[5]  Does all that was asked; nothing to add.");
    expect(item).toContain("0/3");
    await screen.press("4", "saved 4");
    await screen.press("s", "skipped");
    const end = await screen.press("1", "Nothing is left for you now");
    expect(end).toContain("2/3, 1 skipped");
    expect(said(screen)).toEqual(["4", "skip", "1"]);
    expect(await screen.quit()).toBe("quit");
  });

  it("flags and comments in a line editor, and takes back", async () => {
    const screen = openScreen(plainItems(2));
    await screen.press(ENTER, "▌Answer");
    await screen.press("c", "Comment: ▏");
    await screen.press("too shrot", "too shrot▏");
    await screen.press("\u007f", "too shro▏");
    await screen.press(ESCAPE, "cancelled");
    await screen.press("c", "Comment: ▏");
    await screen.press("q is a letter", "q is a letter▏");
    await screen.press(" here\r", "commented · comment saved");
    await screen.press("f", "Why flag it?");
    await screen.press(ENTER, "flagged");
    expect(said(screen)).toEqual(["q is a letter here", "flag"]);
    await screen.press("u", "took back: flag");
    await screen.press("2", "saved 2");
    await screen.press("u", "took back: label");
    expect(screen.session.progress()).toMatchObject({ done: 0, flagged: 0 });
    await screen.quit();
  });

  it("fits 80 by 24, wraps, and scrolls to the end of a long item", async () => {
    const long = { ...refund, answer: `${refund.answer}\n${"word ".repeat(900)}THE-END` };
    const screen = openScreen([long]);
    const first = await screen.press(ENTER, "▏Policy");
    expect(first).toContain("Space for more");
    expect(first).not.toContain("THE-END");
    await screen.press(PAGE_DOWN, "lines 1");
    await screen.press("j", "lines");
    await screen.press("k", "lines");
    await screen.press(UP, "lines");
    await screen.press(TAB, "▏");
    const last = await screen.press(END, "THE-END");
    expect(last).not.toContain("Space for more");
    for (const frame of screen.frames.filter((one) => one.includes("─"))) {
      const lines = frame.replace(/\n$/, "").split("\n");
      expect(lines.length).toBeLessThanOrEqual(23);
      for (const line of lines) expect(Array.from(line).length).toBeLessThanOrEqual(80);
    }
    screen.resize({ columns: 120, rows: 40 });
    await screen.press("j", "─".repeat(118));
    await screen.quit();
  });

  it("moves with arrows where n is a label", async () => {
    const judge: JudgeConfig = { ...helpfulness, scale: { kind: "binary", fail: "fail", pass: "pass" } };
    const screen = openScreen(plainItems(3), { judge });
    const first = await screen.press(ENTER, "[y] pass");
    await screen.press(RIGHT, "▌Answer");
    expect(await screen.press(LEFT, "▌Answer")).toBe(first);
    await screen.press("n", "saved fail");
    await screen.press("y", "saved pass");
    await screen.press("p", "labelled pass");
    expect(said(screen)).toEqual(["fail", "pass"]);
    await screen.quit();
  });

  it("has two answers and a, b, t for pairs", async () => {
    const screen = openScreen([pair], { judge: preference });
    const shown = await screen.press(ENTER, "▌Answer B");
    expect(shown.indexOf("▌Answer A")).toBeGreaterThan(0);
    await screen.press("t", "Nothing is left");
    expect(said(screen, preference)).toEqual(["tie"]);
    await screen.quit();
  });

  it("shows everybody's labels where a disagreement is settled, and nowhere else", async () => {
    const store = openJudgementStore(":memory:");
    const subjects = plainItems(1);
    for (const [annotator, value] of [
      ["bob", "1"],
      ["cleo", "5"],
    ] as const) {
      const options = { store, judge: helpfulness, subjects, annotator, perItem: 3 };
      const one = openReviewSession({ ...options, source: "review serve", clock: systemClock });
      one.comment(`because ${annotator}`);
      one.label(value);
    }
    const blind = openScreen(subjects, { store, perItem: 3 });
    expect(await blind.press(ENTER, "▌Answer")).not.toMatch(/bob|cleo|because/);
    await blind.quit();
    const settling = openScreen(subjects, { store, mode: "adjudicate" });
    const shown = await settling.press(ENTER, "What others said");
    expect(shown).toContain("bob labelled 1, commented: because bob");
    expect(shown).toContain("cleo labelled 5, commented: because cleo");
    await settling.press("5", "Nothing is left");
    expect(store.labels("helpfulness").at(-1)).toMatchObject({ action: "adjudicate", value: "5" });
    await settling.quit();
  });

  it("labels nothing by a pasted text or an unknown key", async () => {
    const screen = openScreen(plainItems(5));
    await screen.press(ENTER, "▌Answer");
    await screen.press("12345", "several keys at once were ignored");
    await screen.press("x", "x is no key here");
    await screen.press("?", "▏Keys");
    expect(said(screen)).toEqual([]);
    await screen.quit();
  });

  it("shows texts that could play with the terminal as they are", async () => {
    const wild = { ...hostile, answer: "\u001b[2J\u001b]0;owned\u0007 done\u202e" };
    const screen = openScreen([wild]);
    screen.session.comment("from\nthe\u001b[2J web");
    await screen.press(ENTER, "▏Policy");
    await screen.press(END, "done");
    await screen.press("c", "Comment: from the\ufffd[2J web▏");
    await screen.press(ESCAPE, "cancelled");
    const frames = screen.frames.filter((frame) => frame.includes("─")).join("");
    expect(["\u001b", "\u0007", "\u202e"].filter((character) => frames.includes(character))).toEqual([]);
    await screen.quit();
  });

  it("ends by Ctrl-C and by a signal, and leaves the terminal as it was", async () => {
    const byKey = openScreen(plainItems(1));
    await byKey.press(ENTER, "▌Answer");
    byKey.write("\u0003");
    expect(await byKey.ended).toBe("interrupted");
    const bySignal = openScreen(plainItems(1));
    await bySignal.press(ENTER, "▌Answer");
    bySignal.interrupt();
    expect(await bySignal.ended).toBe("interrupted");
    for (const { frames } of [byKey, bySignal]) {
      expect(frames[0]).toBe("\u001b[?1049h");
      expect(frames.at(-1)).toContain("\u001b[?1049l");
    }
  });

  it("ends with the error when a label cannot be stored", async () => {
    const screen = openScreen(plainItems(2));
    await screen.press(ENTER, "▌Answer");
    screen.store.close();
    screen.write("3");
    await expect(screen.ended).rejects.toThrow(/cannot write labels|not open/);
    expect(screen.frames.at(-1)).toContain("\u001b[?1049l");
  });
});
