import { expect, it } from "vitest";
import { decodeUtf8 } from "./decode-utf8.js";

it("decodes UTF-8 and drops a byte order mark", () => {
  expect(decodeUtf8("a.json", Buffer.from('\uFEFF{"a": "é"}\r\n'))).toBe('{"a": "é"}\r\n');
  expect(decodeUtf8("a.json", Buffer.alloc(0))).toBe("");
});

it("refuses other bytes and names their line", () => {
  const bytes = Buffer.concat([Buffer.from("{\n\n"), Buffer.from("caf\u00e9\n", "latin1"), Buffer.from("}")]);
  expect(() => decodeUtf8("a.json", bytes)).toThrow("a.json:3 is not UTF-8; save the file as UTF-8");
});
