import type { Span } from "./span.js";
import { roleOf, type SpanRole } from "./span-role.js";

/** A span in its trace. */
export interface SpanNode {
  readonly span: Span;
  readonly role: SpanRole;
  /** `null` of a root, and of a span whose parent never came. */
  readonly parent: SpanNode | null;
}

/** Deepest nesting that is followed: spans that are each other's parents must not be followed for ever. */
const MAX_DEPTH = 200;

/** The spans of one trace in the order in which they began, a parent before its children, whatever came first. */
export function spanTree(spans: readonly Span[]): readonly SpanNode[] {
  const nodes = new Map<string, { span: Span; role: SpanRole; parent: SpanNode | null }>(
    spans.map((span) => [span.spanId, { span, role: roleOf(span), parent: null }]),
  );
  for (const node of nodes.values()) node.parent = nodes.get(node.span.parentSpanId ?? "") ?? null;
  return [...nodes.values()]
    .map((node) => ({ node, depth: [...ancestorsOf(node)].length }))
    .sort(
      (first, second) =>
        compare(first.node.span.startNano, second.node.span.startNano) ||
        first.depth - second.depth ||
        compare(first.node.span.endNano, second.node.span.endNano) ||
        compare(first.node.span.spanId, second.node.span.spanId),
    )
    .map(({ node }) => node);
}

/** From the parent to the root. */
export function* ancestorsOf(node: SpanNode): Generator<SpanNode> {
  let depth = 0;
  for (let one = node.parent; one !== null && one !== node && depth < MAX_DEPTH; one = one.parent) {
    depth += 1;
    yield one;
  }
}

function compare<Value extends bigint | string>(first: Value, second: Value): number {
  return first < second ? -1 : first > second ? 1 : 0;
}
