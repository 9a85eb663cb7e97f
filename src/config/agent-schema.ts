import { z } from "zod";
import { contextSchema } from "./agent/context-schema.js";
import { type ExternalKind, externalSchemas } from "./agent/external/external-schema.js";
import { guardrailsSchema } from "./agent/guardrails-schema.js";
import { identitySchema } from "./agent/identity-schema.js";
import { ledgerSchema } from "./agent/ledger-schema.js";
import { limitsSchema } from "./agent/limits-schema.js";
import { loopGuardSchema } from "./agent/loop-guard-schema.js";
import { memorySchema } from "./agent/memory-schema.js";
import { modelSchema } from "./agent/model-schema.js";
import { retrievalSchema } from "./agent/retrieval-schema.js";
import { strategySchema } from "./agent/strategy-schema.js";
import { teamSchema } from "./agent/team-schema.js";
import { toolPolicySchema, toolsSchema } from "./agent/tools-schema.js";

/** An agent file, `agents/*.yaml`. */
export const agentSchema = z.strictObject({
  kind: z
    .literal("builtin")
    .optional()
    .describe("builtin: the runtime of agentctl, also when left out; others are agents of one's own."),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, "wants lower-case letters, digits and hyphens")
    .describe("Name of the agent in runs and reports."),
  description: z.string().optional().describe("One sentence for readers of reports."),
  prompt: z
    .strictObject({
      version: z.string().describe("Version that traces name; the text itself is hashed as well."),
      file: z.string().optional().describe("Markdown file, relative to the agent file."),
      text: z.string().optional().describe("The prompt itself, instead of a file."),
    })
    .refine((prompt) => (prompt.file === undefined) !== (prompt.text === undefined), {
      message: "wants exactly one of `file` and `text`",
    })
    .describe("System prompt: a version, and exactly one of file and text."),
  model: modelSchema.describe("Model that answers for the agent."),
  environment: z
    .string()
    .optional()
    .describe("Environment that supplies the tools, e.g. orders or tau-airline."),
  tools: toolsSchema
    .optional()
    .describe(
      "Tools to offer: names of the environment's, and other sources; all of the environment's when left out.",
    ),
  tool_policy: toolPolicySchema
    .optional()
    .describe("Checks of tool calls; on as well where an entry of `tools` says more than a name."),
  identity: identitySchema.optional().describe("Who the agent acts for; nobody in particular when left out."),
  retrieval: retrievalSchema.optional().describe("Search over documents; none when left out."),
  guardrails: guardrailsSchema
    .optional()
    .describe("Checks of what the user says, of documents and tool results, and of replies."),
  context: contextSchema.optional(),
  memory: memorySchema.optional(),
  loop_guard: loopGuardSchema.optional(),
  ledger: ledgerSchema
    .optional()
    .describe("Journal of side effects: none twice, none lost, failed flows undone. None when left out."),
  strategy: strategySchema.optional(),
  team: teamSchema.optional(),
  limits: limitsSchema("model calls of the agent"),
});

/** An agent file, checked and with defaults; keys as the user writes them. */
export type AgentConfig = z.output<typeof agentSchema>;

/** What an agent file may be, of whatever kind. */
export const anyAgentSchema = z.union([agentSchema, ...Object.values(externalSchemas)]);

/** What the keys of a file of no known kind should be, nobody can tell. */
const unknownKindSchema = z.custom<never>(() => true);

/**
 * The schema that a file is to be checked against, by its `kind`: problems then speak of that kind alone. For an unknown
 * kind it finds nothing: that is the caller's to refuse.
 */
export function agentSchemaOf(
  kind: unknown,
): typeof agentSchema | (typeof externalSchemas)[ExternalKind] | typeof unknownKindSchema {
  if (typeof kind !== "string" || kind === "builtin") return agentSchema;
  return Object.hasOwn(externalSchemas, kind) ? externalSchemas[kind as ExternalKind] : unknownKindSchema;
}
