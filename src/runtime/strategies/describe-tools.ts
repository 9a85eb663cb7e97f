import type { Tool } from "../tools/tool.js";

/** The tools as a text, for requests that ask for a plan or for candidates and offer none to call. */
export function describeTools(tools: readonly Tool[]): string {
  return tools
    .map(
      ({ spec, reversibility }) =>
        `- ${spec.name} (${reversibility}): ${spec.description}\n  arguments: ${JSON.stringify(spec.parameters)}`,
    )
    .join("\n");
}
