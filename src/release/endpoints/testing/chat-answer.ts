/** What we read of a request for a chat. */
export interface ChatBody {
  readonly model?: string;
  readonly messages?: readonly { readonly content?: unknown }[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly max_tokens?: number;
  readonly tool_choice?: { readonly function?: { readonly name?: string } };
  readonly response_format?: { readonly json_schema?: { readonly schema?: JsonShape } };
  readonly logprobs?: boolean;
}

interface JsonShape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: { readonly [name: string]: JsonShape };
}

/** Pieces of an answer, one for each token. */
export interface ChatAnswer {
  readonly tool: string | null;
  readonly pieces: readonly string[];
}

/** Answers as a constrained model would: the forced tool, the first value that the schema allows, or so many words. */
export function chatAnswer(body: ChatBody, tokens: number, gaps: ReadonlySet<string>): ChatAnswer {
  const tool = body.tool_choice?.function?.name;
  if (tool !== undefined && !gaps.has("tools")) return { tool, pieces: ['{"city":', '"Oslo"}'] };
  const schema = body.response_format?.json_schema?.schema;
  if (schema !== undefined && !gaps.has("structured-output")) {
    return { tool: null, pieces: [JSON.stringify(exampleOf(schema))] };
  }
  const count = Math.min(tokens, body.max_tokens ?? tokens);
  return { tool: null, pieces: Array.from({ length: count }, (_, index) => `w${index} `) };
}

function exampleOf(schema: JsonShape): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === "integer" || schema.type === "number") return 1;
  if (schema.type !== "object") return "x";
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, property]) => [name, exampleOf(property)]),
  );
}

/** The number of words of a request, which the server of tests takes for tokens. */
export function promptTokens(body: ChatBody): number {
  return (body.messages ?? []).reduce(
    (sum, { content }) =>
      sum +
      String(content ?? "")
        .split(/\s+/)
        .filter((word) => word !== "").length,
    0,
  );
}

export function delta(answer: ChatAnswer, piece: string, index: number) {
  if (answer.tool === null) return { content: piece };
  const name = index === 0 ? { name: answer.tool } : {};
  const id = index === 0 ? { id: "call-1", type: "function" } : {};
  return { tool_calls: [{ index: 0, ...id, function: { ...name, arguments: piece } }] };
}

export function message(answer: ChatAnswer) {
  const text = answer.pieces.join("");
  if (answer.tool === null) return { role: "assistant", content: text };
  const call = { id: "call-1", type: "function", function: { name: answer.tool, arguments: text } };
  return { role: "assistant", content: null, tool_calls: [call] };
}
