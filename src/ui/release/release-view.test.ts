import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { ReleaseScreen, ReleaseVerb } from "./release-screen.js";
import { showRelease } from "./release-view.js";

const SCREEN: ReleaseScreen = {
  title: { text: "rel-1 support  BAKING(0)", tone: "strong" },
  facts: [],
  steps: [{ mark: "now", text: "5 %" }],
  clocks: [],
  arms: [],
  rules: [],
  notes: [],
  next: [{ text: "next    judged in 3m", tone: "strong" }],
  rows: [],
  hasEnded: false,
};

/** A terminal with a person at it. */
function terminal() {
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => stdin,
    ref: () => {},
    unref: () => {},
  });
  const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  let written = "";
  screen.on("data", (chunk: Buffer) => {
    written += chunk.toString();
  });
  const until = async (text: string) => {
    while (!written.includes(text)) await new Promise((resolve) => screen.once("data", resolve));
  };
  return { stdin, screen, until, written: () => written };
}

function shown(signal = new AbortController().signal) {
  const asked: [ReleaseVerb, string][] = [];
  const { stdin, screen, until, written } = terminal();
  const desk = {
    screen: () => SCREEN,
    actor: "mia",
    ask: async (verb: ReleaseVerb, reason: string) => {
      asked.push([verb, reason]);
      return `${verb} done`;
    },
  };
  const ended = showRelease(desk, {
    stdin: stdin as unknown as NodeJS.ReadStream,
    screen: screen as unknown as NodeJS.WriteStream,
    useColor: false,
    signal,
    onChange: () => () => {},
    debug: true,
  });
  return { asked, stdin, until, written, ended };
}

describe("the screen of a release", () => {
  it("asks for a rollback only with a reason and after a yes, and leaves at q", async () => {
    const view = shown();
    await view.until("p pause");
    expect(view.written()).toContain("◐ 5 %");
    view.stdin.write("b");
    await view.until("Why roll back?");
    view.stdin.write("wrong prices");
    await view.until("wrong prices▏");
    view.stdin.write("\r");
    await view.until("rollback as mia: wrong prices");
    expect(view.asked).toEqual([]);
    view.stdin.write("y");
    await view.until("rollback done");
    expect(view.asked).toEqual([["rollback", "wrong prices"]]);
    view.stdin.write("p");
    await view.until("pause as mia");
    view.stdin.write("n");
    await view.until("pause: not asked for");
    view.stdin.write("q");
    await view.ended;
    expect(view.asked).toHaveLength(1);
  });

  it("goes away when it is told to", async () => {
    const stop = new AbortController();
    const view = shown(stop.signal);
    await view.until("p pause");
    stop.abort();
    await view.ended;
    expect(view.written()).toContain("\u001b[?1049l");
  });
});
