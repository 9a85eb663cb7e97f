import { z } from "zod";
import { milliseconds, positiveInt } from "../quantities.js";
import { sharedShape, toolsShape } from "./shared-schema.js";

const expression = z.string().min(1);

const timeouts = z
  .strictObject({
    connect_ms: milliseconds.default(10_000).describe("Until the connection stands, in milliseconds."),
    first_byte_ms: milliseconds.default(60_000).describe("Until the response begins, in milliseconds."),
    idle_ms: milliseconds.default(30_000).describe("Longest silence within a response, in milliseconds."),
    total_ms: milliseconds.default(110_000).describe("Until the response is whole, in milliseconds."),
  })
  .prefault({})
  .describe("How long one request may take.");

const headers = z
  .record(
    z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "wants the name of a header"),
    z.string().regex(/^[\t\x20-\x7e]*$/, "wants plain ASCII text"),
  )
  .default({})
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
  .describe("Headers; `${env:NAME}` stands for an environment variable, so that no secret is written here.");

const response = z
  .strictObject({
    text: expression.optional().describe("The answer, a text."),
    tool_calls: expression
      .optional()
      .describe("List of the tool calls that the agent made: `name`, `arguments`, `result`, `is_error`."),
    retrievals: expression
      .optional()
      .describe(
        "List of its searches: `query` and `documents`, each an id or `id`, `title`, `text`, `score`.",
      ),
    reasoning: expression.optional().describe("List of its thoughts: texts, or `text` and `confidence`."),
    usage: expression.optional().describe("Tokens: `input_tokens` and `output_tokens`, or OpenAI's names."),
    cost_usd: expression.optional().describe("US dollars."),
    model: expression.optional().describe("The model that answered."),
    error: expression
      .optional()
      .describe("Anything but null, false and an empty text means that the agent failed."),
    escalated: expression.optional().describe("True when the agent handed over to a person."),
    session_id: expression.optional().describe("What `{{session_id}}` is from the next request on."),
  })
  .describe("Where things stand in the JSON of a response, as JMESPath expressions.");

const stream = z
  .strictObject({
    format: z.enum(["sse", "json_lines"]).describe("Server-sent events, or one JSON value a line."),
    delta: expression.describe("JMESPath expression of the next piece of the answer in an event."),
    done: expression.describe(
      "JMESPath expression that is true in the last event, or that event's own text, such as [DONE]; a stream without it was cut off.",
    ),
  })
  .describe("How the answer streams in; `response` then applies to each event, and the last value counts.");

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "" && hash === "";
}

/** What one request needs; also the trigger of kind otlp. */
export const httpShape = {
  url: z
    .string()
    .refine((url) => /\$\{env:/.test(url) || isPlainUrl(url), {
      message: "wants an http or https URL without user name, password and fragment",
    })
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    .describe("Where requests go; `${env:NAME}` stands for an environment variable."),
  method: z.enum(["POST", "PUT"]).default("POST").describe("Method of the request."),
  headers,
  preset: z
    .enum(["openai"])
    .optional()
    .describe("openai: chat completions; then `request`, `response` and `stream` are known."),
  model: z.string().min(1).optional().describe("Model named in requests of the preset openai."),
  system: z.string().min(1).optional().describe("System prompt sent by the preset openai."),
  streaming: z.boolean().default(false).describe("Whether the preset openai asks for a stream."),
  request: z
    .json()
    .optional()
    .describe(
      "JSON body; `{{message}}`, `{{messages}}`, `{{session_id}}` and others are filled in as JSON values.",
    ),
  response: response.optional(),
  stream: stream.optional(),
  timeouts,
  retry: z
    .strictObject({
      safe: z.literal(true).describe("States that a request may reach the agent twice."),
      max: z.int().min(1).max(10).default(2).describe("Most retries of one request."),
      max_wait_ms: milliseconds
        .default(30_000)
        .describe("Longest Retry-After that is obeyed, in milliseconds."),
    })
    .optional()
    .describe(
      "Sends again after a lost connection, a timeout, 429 and 5xx; nothing is sent twice when left out.",
    ),
  max_response_bytes: positiveInt.default(10_000_000).describe("Longer responses are an error."),
};

export type HttpConfig = z.output<z.ZodObject<typeof httpShape>>;

/** What is wrong between the keys of a request; `null` when nothing is. */
function httpProblem(http: Partial<HttpConfig>): string | null {
  if (http.preset === "openai") {
    if (http.model === undefined) return "wants `model` beside the preset openai";
    return http.request === undefined && http.response === undefined && http.stream === undefined
      ? null
      : "wants either `preset` or `request`, `response` and `stream`, not both";
  }
  if (http.request === undefined) return "wants `preset: openai`, or `request` and `response`";
  if (http.model !== undefined || http.system !== undefined || http.streaming === true)
    return "wants `model`, `system` and `streaming` only beside `preset: openai`; put them into `request`";
  if (http.stream === undefined && http.response?.text === undefined)
    return "wants `response.text`, the JMESPath expression of the answer";
  return null;
}

/** A refinement of an object with {@link httpShape}. */
export function checkHttp(http: Partial<HttpConfig>, context: z.RefinementCtx): void {
  const message = httpProblem(http);
  if (message !== null) context.addIssue({ code: "custom", message });
}

const TOOL_KEYS = ["environment", "tools", "tool_policy", "loop_guard", "ledger"] as const;

export const httpAgentSchema = z
  .strictObject({
    kind: z.literal("http").describe("An agent behind an HTTP endpoint."),
    ...sharedShape,
    ...httpShape,
    ...toolsShape,
  })
  .superRefine((agent, context) => {
    checkHttp(agent, context);
    for (const key of TOOL_KEYS) {
      if (agent.preset === "openai" || agent[key] === undefined) continue;
      const message = "wants `preset: openai`: a response of one's own cannot ask for tool calls";
      context.addIssue({ code: "custom", path: [key], message });
    }
  });
