import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, type Json } from "../../core/hash.js";
import { canonicalState, compareCodePoints, dumps } from "./python-json.js";

describe("dumps", () => {
  it("escapes everything outside printable ASCII and spaces the parts, as json.dumps does", () => {
    expect(dumps({ name: "Zoë 🛫", note: 'a"b\n\u007f', price: 0.1, seats: [1, null, true] })).toBe(
      '{"name": "Zo\\u00eb \\ud83d\\udeeb", "note": "a\\"b\\n\\u007f", "price": 0.1, "seats": [1, null, true]}',
    );
  });

  it("keeps the value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as Json;
        expect(JSON.parse(dumps(plain))).toEqual(plain);
      }),
    );
  });
});

describe("canonicalState", () => {
  it("sorts keys by code point, not by UTF-16 unit", () => {
    const value = { "\u{1F6EB}": 1, "\uFF5E": 2, a: 3, B: 4 };
    expect(canonicalState(value)).toBe('{"B":4,"a":3,"\uFF5E":2,"\u{1F6EB}":1}');
    expect(canonicalJson(value)).not.toBe(canonicalState(value));
  });

  it("writes small numbers with Python's exponent", () => {
    expect(canonicalState([1e-7, 5, 0.5, 1e21])).toBe("[1e-07,5,0.5,1000000000000000000000]");
  });

  it("agrees with the canonical JSON of core on ASCII keys and whole numbers", () => {
    const value = fc.dictionary(fc.string({ unit: "binary-ascii" }), fc.array(fc.integer()));
    fc.assert(fc.property(value, (record) => canonicalState(record) === canonicalJson(record)));
  });
});

describe("compareCodePoints", () => {
  it("orders as the code points do", () => {
    const unit = fc.constantFrom("a", "b", "\u007f", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}");
    const text = fc.string({ unit, maxLength: 6 });
    fc.assert(
      fc.property(text, text, (left, right) => {
        const points = (text: string) => Array.from(text, (character) => character.codePointAt(0) ?? 0);
        const [a, b] = [points(left), points(right)];
        const at = a.findIndex((point, index) => point !== b[index]);
        const wanted = at === -1 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
        expect(Math.sign(compareCodePoints(left, right))).toBe(Math.sign(wanted));
      }),
    );
  });
});
