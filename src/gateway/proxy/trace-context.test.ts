import { expect, it } from "vitest";
import { isSampled, readTraceparent } from "./trace-context.js";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const CALLER = "b7ad6b7169203331";

it("reads a traceparent as W3C has it", () => {
  expect(readTraceparent(`00-${TRACE}-${CALLER}-01`)).toEqual({ traceId: TRACE, spanId: CALLER, flags: 1 });
  expect(readTraceparent(`00-${TRACE}-${CALLER}-02`)?.flags).toBe(2);
  expect(readTraceparent(`01-${TRACE}-${CALLER}-01.`)).toBeNull();
  expect(readTraceparent(undefined)).toBeNull();
});

it("samples traces by their id: the same ones everywhere, as many as asked", () => {
  const ids = Array.from({ length: 4_000 }, (_, index) =>
    ((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(32, "0"),
  );
  const kept = ids.filter((id) => isSampled(id, 0.25));
  expect(kept.length / ids.length).toBeCloseTo(0.25, 1);
  expect(kept.every((id) => isSampled(id, 0.5))).toBe(true);
  expect(ids.filter((id) => isSampled(id, 0))).toEqual([]);
  expect(ids.filter((id) => isSampled(id, 1))).toHaveLength(ids.length);
});
