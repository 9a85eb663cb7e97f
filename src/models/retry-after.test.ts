import { expect, test } from "vitest";
import { retryAfterMs } from "./retry-after.js";

const NOW = Date.UTC(2026, 10, 21, 7, 0, 0);

test.each<[Record<string, string>, number | undefined]>([
  [{}, undefined],
  [{ "retry-after": "7" }, 7_000],
  [{ "retry-after": "0.25" }, 250],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after": "Sat, 21 Nov 2026 07:00:09 GMT" }, 9_000],
  [{ "retry-after": "Sat, 21 Nov 2026 06:00:00 GMT" }, 0],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "-5" }, undefined],
  [{ "retry-after": "" }, undefined],
  [{ "retry-after-ms": "120", "retry-after": "7" }, 120],
  [{ "retry-after-ms": "later", "retry-after": "7" }, 7_000],
])("reads %o as %s ms", (headers, expected) => {
  expect(retryAfterMs((name) => headers[name], NOW)).toBe(expected);
});
