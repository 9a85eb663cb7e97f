import { describe, expect, it } from "vitest";
import { mentionsOf, mentionsOfItems } from "./mentions.js";

const UUID = "c19baac6-3b6f-4b38-a1a4-f74f37b7e1a5";

describe("mentionsOf", () => {
  it.each([
    ["a UUID anywhere", UUID, `x${UUID}y`],
    ["a long id anywhere", "refunds-of-november", "see refunds-of-november."],
    ["a short id as a JSON string", "a1", '{"id":"a1"}'],
    ["a short id as an attribute", "a1", '<testcase name="a1">'],
    ["a short id between tags", "a1", "<td>a1</td>"],
    ["a short id of a session", "a1", '["chat","session:a1"]'],
    ["an id that Markdown escaped", "a_1", "<code>a&#95;1</code>"],
    ["an id with quotes", 'a"1', JSON.stringify({ id: 'a"1' })],
  ])("finds %s", (_, id, text) => {
    expect(mentionsOf([id])(text)).toBe(true);
    expect(mentionsOf(["another", id, UUID.replace("c", "d")])(text)).toBe(true);
  });

  it.each([
    ["a short id within other words", "a1", '{"id":"a12","text":"a1 and b"}'],
    ["another UUID", UUID, UUID.replace("a5", "a6")],
    ["nothing of nobody", "", '{"id":"a1"}'],
  ])("does not find %s", (_, id, text) => {
    expect(mentionsOf(id === "" ? [] : [id])(text)).toBe(false);
  });

  it("looks for thousands of conversations in one pass", () => {
    const ids = Array.from(
      { length: 20_000 },
      (_, index) => `${index.toString(16).padStart(8, "0")}${UUID.slice(8)}`,
    );
    const mentions = mentionsOf(ids);
    const text = `${"nothing of theirs ".repeat(50_000)}${UUID}`;
    const start = performance.now();
    expect(mentions(text)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(mentions(`${text} ${ids[19_999]}`)).toBe(true);
  });
});

describe("mentionsOfItems", () => {
  const TRIAL = "a_1/0@0a1b2c3d4e5f";

  it.each([
    ["a trial anywhere", TRIAL, `see ${TRIAL}: worse`],
    ["one of a pair", TRIAL, `{"item":"${TRIAL} vs a_1/0@ffffffffffff"}`],
    ["a trial that Markdown escaped", TRIAL, "<code>a&#95;1/0@0a1b2c3d4e5f</code>"],
    ["a pair", `${TRIAL} vs a_1/0@ffffffffffff`, `{"item":"${TRIAL} vs a_1/0@ffffffffffff"}`],
    ["a short name as the item of a record", "1", '{"item":"1","value":"2"}'],
    ["and in a document", "1", '{\n  "item": "1"\n}'],
    ["a name with quotes", 'a"1', JSON.stringify({ item: 'a"1' })],
  ])("finds %s", (_, item, text) => {
    expect(mentionsOfItems(["another", item])(text)).toBe(true);
  });

  it.each([
    ["a short name elsewhere", "1", '{"item":"2","value":"1"}'],
    ["another answer of the case", TRIAL, "a_1/0@0a1b2c3d4e50"],
    ["the same hash of another case", TRIAL, "b_1/0@0a1b2c3d4e5f"],
  ])("does not find %s", (_, item, text) => {
    expect(mentionsOfItems([item])(text)).toBe(false);
  });
});
