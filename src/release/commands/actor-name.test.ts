import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { actorName } from "./actor-name.js";

const given = (name: string) => actorName(name, {}, tmpdir());

describe("who gives a command", () => {
  it("is the given name, with its spaces and accents in one form", () => {
    expect(given(" Ana\u00a0 Maria ")).toBe("Ana Maria");
    expect(given("Jose\u0301")).toBe("Jos\u00e9");
  });

  it("may have a name of any script, with the joiners that it needs", () => {
    for (const name of ["Анна Петрова", "山田 太郎", "علی\u200cرضا", "ශ්\u200dරී"])
      expect(given(name)).toBe(name);
  });

  it.each([
    ["nothing", " \u00a0", /expected the name of a person, 1 to 200 characters that can be seen$/],
    ["too much", "a".repeat(201), /1 to 200 characters that can be seen$/],
    ["what nobody sees", "an\u200ba", /of the one that was found, it holds what cannot be seen$/],
    [
      "a Cyrillic letter among Latin ones",
      "аna",
      /found, "аna" mixes letters of several scripts, which look alike$/,
    ],
  ])("is not %s", (_, name, message) => {
    expect(() => given(name)).toThrow(message);
  });
});
