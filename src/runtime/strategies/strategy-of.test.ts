import { describe, expect, it } from "vitest";
import { strategyBlock, strategySchema } from "../../config/agent/strategy-schema.js";
import { react } from "./react.js";
import { strategyOf } from "./strategy-of.js";

describe("strategyOf", () => {
  it("is plain react unless the agent file says otherwise", async () => {
    expect(await strategyOf(undefined)).toBe(react);
    expect(await strategyOf("react")).toBe(react);
    expect(await strategyOf(strategySchema.parse({ kind: "react" }))).toBe(react);
    expect(await strategyOf(strategySchema.parse({ kind: "react", reasoning: true }))).not.toBe(react);
    expect(await strategyOf(strategySchema.parse({ kind: "react", confidence_threshold: 0.5 }))).not.toBe(
      react,
    );
  });

  it.each(["plan", "tree", "auto"] as const)("makes %s from its name alone", async (kind) => {
    expect((await strategyOf(kind)).name).toBe(kind);
    expect(strategyBlock(kind)).toEqual(strategySchema.parse({ kind }));
  });

  it.each([
    ["an unknown name", "chain"],
    ["an unknown kind", { kind: "chain" }],
    ["a key of another kind", { kind: "react", branches: 3 }],
    ["a threshold beyond 1", { kind: "react", confidence_threshold: 70 }],
    ["a threshold without reasoning", { kind: "react", reasoning: false, confidence_threshold: 0.5 }],
  ])("refuses %s", (_name, value) => {
    expect(strategySchema.safeParse(value).success).toBe(false);
  });
});
