import { expect, it } from "vitest";
import { Deadlines } from "./deadlines.js";

/** Resolves with what was told when the last one is. */
function told(last: string): {
  readonly all: string[];
  readonly done: Promise<void>;
  tell(name: string): () => void;
} {
  const all: string[] = [];
  let resolve = () => {};
  const done = new Promise<void>((resolved) => {
    resolve = resolved;
  });
  const tell = (name: string) => () => {
    all.push(name);
    if (name === last) resolve();
  };
  // The timer of deadlines does not keep the process alive.
  const alive = setInterval(() => {}, 1_000);
  return { all, done: done.finally(() => clearInterval(alive)), tell };
}

it("comes in order, not before its time, and not when it was cancelled", async () => {
  const deadlines = new Deadlines(30);
  const { all, done, tell } = told("c");
  const startedAt = performance.now();
  deadlines.set(tell("a"));
  const cancelled = deadlines.set(tell("b"));
  deadlines.set(tell("c"));
  cancelled.cancel();
  cancelled.cancel();
  await done;
  expect(all).toEqual(["a", "c"]);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(30);
});

it("that is set anew comes after those that were set since", async () => {
  const deadlines = new Deadlines(30);
  const { all, done, tell } = told("a");
  const first = deadlines.set(tell("a"));
  deadlines.set(tell("b"));
  const startedAt = performance.now();
  first.restart();
  await done;
  expect(all).toEqual(["b", "a"]);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(30);
});

it("may set another, and cancel those that are due with it", async () => {
  const deadlines = new Deadlines(20);
  const { all, done, tell } = told("d");
  deadlines.set(() => {
    tell("a")();
    second.cancel();
    deadlines.set(tell("d"));
  });
  const second = deadlines.set(tell("b"));
  await done;
  expect(all).toEqual(["a", "d"]);
});

it("comes when the timer ran out on one that was cancelled", async () => {
  const deadlines = new Deadlines(30);
  const { all, done, tell } = told("b");
  const early = deadlines.set(tell("a"));
  await new Promise((resolve) => setTimeout(resolve, 15));
  early.cancel();
  deadlines.set(tell("b"));
  await done;
  expect(all).toEqual(["b"]);
});
