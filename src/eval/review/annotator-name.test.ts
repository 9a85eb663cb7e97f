import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { annotatorName, checkedName } from "./annotator-name.js";

describe("annotatorName", () => {
  it("takes the given name without the spaces around it", () => {
    expect(annotatorName("  Ann   Lee ", { USER: "root" }, tmpdir())).toBe("Ann Lee");
  });

  it("falls back to git, then to the user of the system", () => {
    expect(annotatorName(undefined, { USER: "root" }, tmpdir())).not.toBe("");
  });

  it.each(["", "   ", "a\u0000b", "a\u202eb", "x".repeat(101)])("refuses %j", (name) => {
    expect(() => checkedName(name, "--as")).toThrow(/--as: expected the name of an annotator/);
  });
});
