import { canonicalJson, type Json } from "../../../core/hash.js";
import type { JsonSchema, ToolSpec } from "../../../core/message.js";
import { inspectText } from "../../guardrails/quarantine.js";
import { argumentsValidator } from "../policy/check-schema.js";

/** A tool as its server lists it. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  /** What the server says of it; a hint, nothing more. */
  readonly saysReadOnly: boolean;
}

const MOST_DESCRIPTION_CHARS = 1000;
const MOST_SCHEMA_TEXT_CHARS = 300;
const MOST_SCHEMA_CHARS = 32_000;
const GUARD = { flag: 0.5, quarantine: 0.5, mode: "remove" } as const;

/**
 * What the model is told of a server's tool. All of it is text of somebody else: sentences that give orders are taken out,
 * characters that do not show as well, and the rest is cut and named as the server's.
 *
 * @throws {TypeError} when the tool cannot be offered
 */
export function describedTool(server: string, tool: ListedTool): ToolSpec {
  const name = `${server}__${tool.name.replace(/[^A-Za-z0-9_-]/g, "_")}`;
  if (name.length > 64)
    throw new TypeError(`its name has ${name.length} characters, at most 64 are possible`);
  if (canonicalJson(tool.inputSchema).length > MOST_SCHEMA_CHARS) {
    throw new TypeError(`its schema is longer than ${MOST_SCHEMA_CHARS} characters`);
  }
  argumentsValidator(tool.inputSchema);
  return {
    name,
    description: `[As the server ${server} describes it] ${harmless(tool.description, MOST_DESCRIPTION_CHARS)}`,
    parameters: withoutOrders(tool.inputSchema) as JsonSchema,
  };
}

/** Texts for people inside a schema; those that decide, such as `enum` and `const`, stay as they are. */
function withoutOrders(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(withoutOrders);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema as { readonly [key: string]: Json }).filter(
    ([key]) => key !== "examples" && key !== "$comment",
  );
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      (key === "description" || key === "title") && typeof value === "string"
        ? harmless(value, MOST_SCHEMA_TEXT_CHARS)
        : withoutOrders(value),
    ]),
  );
}

function harmless(text: string, limit: number): string {
  const shown = text.replace(/[\p{Cf}\p{Co}\p{Cn}]/gu, "").replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
  const { text: left } = inspectText(shown, GUARD);
  return left.length > limit ? `${left.slice(0, limit)}…` : left;
}
