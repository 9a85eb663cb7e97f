import { expect, it } from "vitest";
import { tellChanges } from "./tell-changes.js";

it("tells other words at once, other figures once a minute, and nothing twice", () => {
  const lines: string[] = [];
  let now = 0;
  const tell = tellChanges((line) => lines.push(line), { monotonic: () => now });
  tell("BAKING(0) 5 %; p95 27 ms of 20");
  now = 1000;
  tell("BAKING(0) 5 %; p95 31.5 ms of 1,020");
  tell("PAUSED(0) drift");
  now = 2000;
  tell("BAKING(0) 5 %; p95 32 ms of 40");
  now = 62_000;
  tell("BAKING(0) 5 %; p95 32 ms of 40");
  tell("BAKING(0) 5 %; p95 30 ms of 900");
  expect(lines).toEqual([
    "BAKING(0) 5 %; p95 27 ms of 20",
    "PAUSED(0) drift",
    "BAKING(0) 5 %; p95 32 ms of 40",
    "BAKING(0) 5 %; p95 30 ms of 900",
  ]);
});
