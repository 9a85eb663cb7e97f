import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { adapter } from "./oracles/adapter/index.js";
import { missesOf } from "./oracles/check-vector.js";
import type { Vector } from "./oracles/vector.js";

const vectors = ["statistics.json", "judge-statistics.json"].flatMap((name) => {
  const file = new URL(`oracles/${name}`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { vectors: Vector[] }).vectors;
});

describe.each(Object.keys(adapter))("%s agrees with its oracle", (fn) => {
  const own = vectors.filter((vector) => vector.fn === fn);

  it("has vectors", () => expect(own.length).toBeGreaterThan(0));

  it.each(own.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => {
    expect(missesOf(vector)).toEqual([]);
  });
});
