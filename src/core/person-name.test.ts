import { describe, expect, it } from "vitest";
import { isSameName, nameFault, readsLike } from "./person-name.js";

describe("a name that tells who somebody is", () => {
  it.each([
    "Ana",
    "José Luis Núñez-O’Brien",
    "Mia <mia@example.org>",
    "github-actions[bot]",
    "Анна Петрова",
    "Анна Petrova",
    "Ελένη",
    "山田 太郎",
    "やまだ・タロー",
    "Kenさん",
    "葛\u{e0100}城",
    "김민준",
    "علی\u200cرضا",
    "ශ්\u200dරී",
    "राम",
    "דוד",
    "สมชาย",
    "Ana ❤\ufe0f",
    "ａｎａ",
    "ana2",
  ])("may be %s", (name) => {
    expect(nameFault(name)).toBeNull();
  });

  it.each([
    ["a zero-width space", "an\u200ba"],
    ["a joiner between Latin letters", "an\u200da"],
    ["a filler", "ana\u3164"],
    ["an empty Braille cell", "ana\u2800"],
    ["a turn of direction", "\u202eana"],
    ["a grapheme joiner", "a\u034fna"],
    ["the form of a letter that has none", "ana\ufe0f"],
    ["a tag", "ana\u{e0061}"],
  ])("holds nothing unseen, such as %s", (_, name) => {
    expect(nameFault(name)).toMatch(/cannot be seen/);
  });

  it.each([
    ["Cyrillic in Latin", "аna"],
    ["Latin in Cyrillic", "Aннa"],
    ["Greek in Latin", "Mαx"],
    ["Hebrew in Latin", "bסb"],
    ["a digit of Bengali in Latin", "b০b"],
    ["Cherokee in Latin", "Ꭺna"],
    ["in the second word", "Ana Pеtrova"],
  ])("mixes no scripts in a word, such as %s", (_, name) => {
    expect(nameFault(name)).toMatch(/mixes letters of several scripts/);
  });
});

describe("names that a reader takes for one", () => {
  it.each([
    ["case and width", "ana", "ＡNA"],
    ["space", "Ana Maria", " Ana\u00a0 Maria "],
    ["what is unseen", "ana", "an\u200ba\u3164\u2800"],
    ["a Cyrillic letter", "ana", "аna"],
    ["a whole word of Cyrillic", "Max", "Мах"],
    ["a whole word of Greek", "NIKO", "ΝΙΚΟ"],
    ["I and l and 1", "Ian", "lan"],
    ["O and 0", "Otto", "0tto"],
    ["rn and m", "Amo", "Arno"],
    ["accents", "Jose", "José"],
    ["the encoding of accents", "Jos\u00e9", "Jose\u0301"],
    ["letters of mathematics", "ana", "𝐚𝐧𝐚"],
    ["a dotless i", "Yildiz", "Yıldız"],
    ["signs", "ana.maria", "ana-maria"],
  ])("differ in %s alone", (_, one, other) => {
    expect(readsLike(one, other)).toBe(true);
    expect(readsLike(other, one)).toBe(true);
  });

  it.each([
    ["ana", "bo"],
    ["Анна", "Anna"],
    ["Андрей", "Сергей"],
    ["山田", "山口"],
    ["राम", "रमा"],
    ["カキ", "ガキ"],
    ["★", "☆"],
    ["Nikos", "Νίκος"],
  ])("are not %s and %s", (one, other) => {
    expect(readsLike(one, other)).toBe(false);
  });

  it("are not the same name for that", () => {
    expect(isSameName("ana", "ANA ")).toBe(true);
    expect(isSameName("Jose", "José")).toBe(false);
    expect(isSameName("max", "mах")).toBe(false);
  });
});
