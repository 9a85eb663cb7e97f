import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { onAbort } from "./on-abort.js";

it("calls back whoever still waits, with one listener for all", () => {
  const controller = new AbortController();
  const called: number[] = [];
  const forget = Array.from({ length: 100 }, (_, index) =>
    onAbort(controller.signal, () => called.push(index)),
  );
  expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
  for (const each of forget.slice(2)) each();
  controller.abort();
  expect(called).toEqual([0, 1]);
});
