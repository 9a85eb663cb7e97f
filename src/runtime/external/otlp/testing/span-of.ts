import type { Json } from "../../../../core/hash.js";
import type { Span } from "../span.js";

const MILLISECOND = 1_000_000n;

/** A span with what a test wants to say of it: ids and times are short here. */
export function spanOf(
  id: string,
  attributes: { readonly [key: string]: Json },
  more: Partial<Omit<Span, "attributes" | "spanId" | "parentSpanId">> & {
    readonly parent?: string;
    readonly fromMs?: number;
    readonly toMs?: number;
  } = {},
): Span {
  const { parent, fromMs = 0, toMs = fromMs, ...rest } = more;
  return {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: id.padStart(16, "0"),
    parentSpanId: parent === undefined ? null : parent.padStart(16, "0"),
    name: "span",
    startNano: BigInt(fromMs) * MILLISECOND,
    endNano: BigInt(toMs) * MILLISECOND,
    attributes: new Map(Object.entries(attributes)),
    events: [],
    status: { code: "unset", message: "" },
    ...rest,
  };
}
