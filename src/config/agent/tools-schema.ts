import { z } from "zod";
import { milliseconds, positiveInt } from "./quantities.js";

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

const json = z.record(z.string(), z.json());
const toolName = z.string().min(1);
const variable = z
  .string()
  .regex(VARIABLE, "wants the name of an environment variable, never the value itself");

const capSchema = z
  .strictObject({
    max: z.number().optional().describe("Largest value of one call."),
    min: z.number().optional().describe("Smallest value of one call; 0 when left out."),
    max_total: z.number().min(0).optional().describe("Largest sum over all calls of a conversation."),
    confirm_above: z.number().optional().describe("Above this the user is asked first."),
    optional: z
      .boolean()
      .optional()
      .describe("Whether the argument may be left out; default: it must be given."),
  })
  .refine((cap) => Object.keys(cap).some((key) => key !== "optional"), {
    message: "wants at least one of `max`, `min`, `max_total` and `confirm_above`",
  })
  .refine(({ min = 0, max }) => max === undefined || min <= max, {
    message: "wants `max` not below `min` (0 when left out)",
  });

const bindingSchema = z.union([
  z.enum(["tenant", "user"]),
  z.strictObject({
    to: z.enum(["tenant", "user"]).describe("Whose id the argument must hold."),
    mode: z
      .enum(["refuse", "force"])
      .default("refuse")
      .describe("refuse: another value is refused; force: the id is put there, whatever the model gave."),
  }),
]);

/** What can be said of every tool, wherever it comes from. */
const policyShape = {
  permission: z.string().min(1).optional().describe("Scope that the identity must have."),
  reversibility: z
    .enum(["read", "reversible", "irreversible"])
    .optional()
    .describe("What a call may do; default: as the source says, irreversible where it says nothing."),
  caps: z
    .record(z.string().min(1), capSchema)
    .optional()
    .describe("Limits on arguments, by dotted path; `*` stands for every item of a list."),
  bind: z
    .record(z.string().min(1), bindingSchema)
    .optional()
    .describe("Arguments that must be those of the identity, by dotted path."),
  confirm: z
    .boolean()
    .optional()
    .describe("Whether the user is asked first; default: before irreversible and capped actions."),
  timeout_ms: milliseconds.optional().describe("Time of one call, in milliseconds."),
  result_fields: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Fields of a JSON result that the model may see, as dotted paths; all when left out."),
  idempotency: z
    .enum(["key", "none"])
    .optional()
    .describe("key: the system takes a call with the same key once; none (default): it may do it again."),
  compensation: z
    .strictObject({
      tool: toolName.describe("Tool that undoes a call."),
      args: json
        .default({})
        .describe("Its arguments; `$args.x` and `$result.x` stand for those of the call."),
    })
    .optional()
    .describe("How a call is undone."),
};

const environmentToolSchema = z.strictObject({
  name: toolName.describe("Tool of the environment."),
  ...policyShape,
});

const moduleSchema = z.strictObject({
  module: z.string().min(1).describe("File that exports `tools`, relative to the agent file."),
});

const operationSchema = z.union([
  z.string().min(1),
  z.strictObject({
    id: z.string().min(1).describe("operationId in the document."),
    ...policyShape,
    lookup: z
      .strictObject({
        operation: z.string().min(1).describe("operationId of a read that finds an earlier call."),
        key: z.string().min(1).describe("Its parameter that takes the idempotency key."),
      })
      .optional()
      .describe("How to find out what became of an earlier call."),
  }),
]);

const openApiSchema = z.strictObject({
  openapi: z.string().min(1).describe("OpenAPI 3 document, YAML or JSON, relative to the agent file."),
  base_url: z.url().describe("Where requests go; those to any other origin are refused."),
  operations: z.array(operationSchema).min(1).describe("Operations to offer, each with its policy."),
  auth: z
    .strictObject({ bearer_env: variable.describe("Variable that holds the bearer token.") })
    .optional()
    .describe("How requests are authorised."),
  identity_headers: z
    .strictObject({
      tenant: z.string().min(1).optional().describe("Header that names the tenant."),
      user: z.string().min(1).optional().describe("Header that names the user."),
    })
    .optional()
    .describe("Headers that tell the system for whom a request is."),
  max_response_bytes: positiveInt.default(1_000_000).describe("Longer responses are refused."),
  timeout_ms: milliseconds.default(30_000).describe("Time of one request where the operation says none."),
});

const serverName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,20}$/, "wants lower-case letters, digits and hyphens")
  .describe("Name of the server, your own.");

const mcpServer = z.union([
  z.strictObject({
    name: serverName,
    command: z.string().min(1).describe("Program to start; it speaks MCP over stdin and stdout."),
    args: z.array(z.string()).default([]).describe("Its arguments."),
    env_allow: z.array(variable).default([]).describe("Variables that it gets; no others but PATH."),
  }),
  z.strictObject({
    name: serverName,
    url: z.url().describe("Streamable HTTP endpoint."),
    headers_env: z
      .record(z.string().min(1), variable)
      .default({})
      .describe("Headers, each with the variable that holds its value."),
  }),
]);

const mcpSchema = z.strictObject({
  mcp: mcpServer.describe("The server; its name stands before those of its tools, as in `name__tool`."),
  tools: z
    .array(
      z.union([
        z.string().min(1),
        z.strictObject({ name: toolName.describe("Tool of the server."), ...policyShape }),
      ]),
    )
    .min(1)
    .optional()
    .describe("Tools to offer, each with its policy; all of the server when left out."),
  trust_read_only: z
    .boolean()
    .default(false)
    .describe("Whether a tool that the server calls read-only is taken for that."),
  timeout_ms: milliseconds.default(30_000).describe("Time of one call where the tool says none."),
  start_timeout_ms: milliseconds
    .default(30_000)
    .describe("Time in which the server must start, and then list its tools."),
  max_restarts: z.int().min(0).max(100).default(3).describe("How often a server that died is started anew."),
});

/** One entry of `tools` of an agent file. */
const toolEntrySchema = z.union([toolName, environmentToolSchema, moduleSchema, openApiSchema, mcpSchema]);

/** `tools` of an agent file. */
export const toolsSchema = z.array(toolEntrySchema);

export const TOOL_POLICY_LAYERS = [
  "schema",
  "permission",
  "binding",
  "caps",
  "confirmation",
  "result_fields",
] as const;

/** `tool_policy` block of an agent file. */
export const toolPolicySchema = z.strictObject({
  layers: z
    .array(z.enum(TOOL_POLICY_LAYERS))
    .default([...TOOL_POLICY_LAYERS])
    .describe("Checks that are switched on; all when left out."),
});

/** A check that tool calls pass. */
export type ToolLayerName = (typeof TOOL_POLICY_LAYERS)[number];
export type ToolEntry = z.output<typeof toolEntrySchema>;
type EnvironmentToolEntry = z.output<typeof environmentToolSchema>;
/** What an agent file says of one tool. */
export type ToolPolicyConfig = Omit<EnvironmentToolEntry, "name">;
export type OpenApiEntry = z.output<typeof openApiSchema>;
export type McpEntry = z.output<typeof mcpSchema>;
