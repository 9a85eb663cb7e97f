import fc from "fast-check";
import { expect, it } from "vitest";
import { shardOf } from "./shard-evaluation.js";

const count = fc.integer({ min: 1, max: 50 });

it("puts every group into one shard, whatever else there is", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 50 }), count, (groups, of) => {
      const shards = groups.map((group) => shardOf(group, of));
      expect(shards.every((shard) => Number.isInteger(shard) && shard >= 1 && shard <= of)).toBe(true);
      const reversed = [...groups].reverse().map((group) => shardOf(group, of));
      expect(reversed.reverse()).toEqual(shards);
    }),
  );
});

it("keeps its places from version to version: shards of one plan may run weeks apart", () => {
  expect(["key-reset", "refund", "a", "ü", ""].map((group) => shardOf(group, 4))).toEqual([1, 4, 4, 3, 1]);
});

it("spreads many groups evenly", () => {
  const sizes = [0, 0, 0, 0];
  for (let group = 0; group < 4000; group += 1) {
    const shard = shardOf(`group-${group}`, 4) - 1;
    sizes[shard] = (sizes[shard] ?? 0) + 1;
  }
  for (const size of sizes) expect(Math.abs(size - 1000)).toBeLessThan(100);
});
