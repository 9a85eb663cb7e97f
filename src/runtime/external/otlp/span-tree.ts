import type { Span } from "./span.js";
import { roleOf, type SpanRole } from "./span-role.js";

/** A span in its trace. */
export interface SpanNode {
  readonly span: Span;
  readonly role: SpanRole;
  /** From the parent to the root; empty of a root, and of a span whose parent never came. */
  readonly ancestors: readonly SpanNode[];
}

/** Deepest nesting that is followed: a chain without an end must not be. */
const MAX_DEPTH = 200;

/** The spans of one trace in the order in which they began, a parent before its children, whatever came first. */
export function spanTree(spans: readonly Span[]): readonly SpanNode[] {
  const nodes = new Map(
    spans.map((span) => [span.spanId, { span, role: roleOf(span), ancestors: [] as SpanNode[] }]),
  );
  for (const { span, ancestors } of nodes.values()) {
    let parent = nodes.get(span.parentSpanId ?? "");
    while (parent !== undefined && ancestors.length < MAX_DEPTH) {
      ancestors.push(parent);
      parent = nodes.get(parent.span.parentSpanId ?? "");
    }
  }
  return [...nodes.values()].sort(
    (first, second) =>
      compare(first.span.startNano, second.span.startNano) ||
      first.ancestors.length - second.ancestors.length ||
      compare(first.span.endNano, second.span.endNano) ||
      compare(first.span.spanId, second.span.spanId),
  );
}

function compare<Value extends bigint | string>(first: Value, second: Value): number {
  return first < second ? -1 : first > second ? 1 : 0;
}
