import { toolNameOf, usageOf } from "./span-steps.js";
import { ancestorsOf, type SpanNode } from "./span-tree.js";

/** Which spans tell of the same call: several libraries may put a span around one. */
export interface NestedCalls {
  /** Model calls, each once: of nested spans the innermost; a span of an agent where it alone names tokens. */
  readonly models: readonly SpanNode[];
  /** The span of the same model call around this one, when it holds no other. */
  around(model: SpanNode): SpanNode | null;
  /** Tool calls, each once: of nested spans with one name the outermost. */
  readonly tools: readonly SpanNode[];
  /** The first span of the same tool call within this one. */
  inside(tool: SpanNode): SpanNode | null;
}

export function nestedCalls(nodes: readonly SpanNode[]): NestedCalls {
  const innerModels = new Map<SpanNode, SpanNode[]>();
  const agentsWithCalls = new Set<SpanNode>();
  for (const node of nodes) {
    if (node.role !== "model" && !countsTokens(node)) continue;
    for (const agent of ancestorsOf(node)) if (agent.role === "agent") agentsWithCalls.add(agent);
    const outer = node.role === "model" ? outerModel(node) : null;
    if (outer !== null) innerModels.set(outer, [...(innerModels.get(outer) ?? []), node]);
  }
  const innerTools = new Map<SpanNode, SpanNode>();
  const tools: SpanNode[] = [];
  for (const node of nodes) {
    if (node.role !== "tool") continue;
    const outer = outerTool(node);
    if (outer === null) tools.push(node);
    else if (!innerTools.has(outer)) innerTools.set(outer, node);
  }
  return {
    models: nodes.filter((node) =>
      node.role === "model" ? !innerModels.has(node) : countsTokens(node) && !agentsWithCalls.has(node),
    ),
    around(model) {
      const outer = model.role === "model" ? outerModel(model) : null;
      return outer !== null && innerModels.get(outer)?.length === 1 ? outer : null;
    },
    tools,
    inside: (tool) => innerTools.get(tool) ?? null,
  };
}

/** An agent that reports the tokens of its own calls, or their sum. */
function countsTokens({ role, span }: SpanNode): boolean {
  return role === "agent" && usageOf(span.attributes) !== null;
}

/** A model that a tool or another agent within a model call asks is another call. */
function outerModel(node: SpanNode): SpanNode | null {
  for (const ancestor of ancestorsOf(node)) {
    if (ancestor.role === "model") return ancestor;
    if (ancestor.role !== "other") return null;
  }
  return null;
}

/** As that of a framework around that of a protocol. */
function outerTool(node: SpanNode): SpanNode | null {
  let outermost: SpanNode | null = null;
  for (const ancestor of ancestorsOf(node)) {
    if (ancestor.role === "other") continue;
    if (ancestor.role !== "tool" || toolNameOf(ancestor.span) !== toolNameOf(node.span)) break;
    outermost = ancestor;
  }
  return outermost;
}
