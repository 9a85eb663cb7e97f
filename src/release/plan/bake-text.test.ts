import { expect, it } from "vitest";
import { bakeText } from "./bake-text.js";

it.each([
  [10_000, "10 s"],
  [1500, "1.5 s"],
  [90_000, "1.5 min"],
  [2_260_000, "38 min"],
  [7_200_000, "120 min"],
])("%d ms", (ms, text) => {
  expect(bakeText(ms)).toBe(text);
});
