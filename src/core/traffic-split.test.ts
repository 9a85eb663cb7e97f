import { describe, expect, it } from "vitest";
import { ALL_BPS, armOf, bucketOf } from "./traffic-split.js";
import { xxh32 } from "./xxh32.js";

describe("xxh32", () => {
  it.each([
    ["", 0, 0x02cc5d05],
    ["a", 0, 0x550d7456],
    ["abc", 0, 0x32d153ff],
    ["Nobody inspects the spammish repetition", 0, 0xe2293b2f],
    ["", 1, 0x0b2cb792],
    ["a".repeat(256), 0, 0x392aae48],
    ["a".repeat(257), 0, 0xaf793242],
    ["ü–漢😀", 0, 0x8c91b06c],
    ["é".repeat(20), 0, 0x6ce89477],
  ])("of %j with seed %d is that of the reference implementation", (text, seed, wanted) => {
    expect(xxh32(text, seed)).toBe(wanted);
  });
});

describe("a split by bucket", () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => `conversation-${index}`);

  it("gives the canary its share, within four standard errors", () => {
    for (const bps of [100, 500, 2500, 5000]) {
      const share = bps / ALL_BPS;
      const observed = ids.filter((id) => armOf("r1", id, bps) === "canary").length / ids.length;
      expect(Math.abs(observed - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / ids.length));
    }
  });

  it("is monotone: a larger share takes nobody away from the canary", () => {
    for (const id of ids.slice(0, 2000)) {
      const arms = [0, 100, 500, 2500, 5000, ALL_BPS].map((bps) => armOf("r1", id, bps));
      expect(arms.lastIndexOf("stable")).toBeLessThan(arms.indexOf("canary"));
      expect([arms[0], arms.at(-1)]).toEqual(["stable", "canary"]);
    }
  });

  it("draws independently under another salt", () => {
    const both = ids.filter((id) => bucketOf("r1", id) < 2500 && bucketOf("r2", id) < 2500).length;
    expect(both / ids.length).toBeCloseTo(0.0625, 2);
  });
});
