import type { CallToolResult } from "@modelcontextprotocol/client";
import type { ToolOutcome } from "../../../environments/environment.js";

/** A result as the model reads it: its structured form where there is one, else its texts; pictures are only named. */
export function outcomeOfResult(result: CallToolResult): ToolOutcome {
  const isError = result.isError === true;
  if (result.structuredContent !== undefined) {
    return { content: JSON.stringify(result.structuredContent), isError };
  }
  const parts = (result.content ?? []).map((block) => {
    switch (block.type) {
      case "text":
        return block.text;
      case "resource":
        return "text" in block.resource ? block.resource.text : `[resource ${block.resource.uri}]`;
      case "resource_link":
        return `[resource ${block.uri}]`;
      default:
        return `[${block.type} ${block.mimeType}]`;
    }
  });
  return { content: parts.length === 0 ? "(done)" : parts.join("\n"), isError };
}
