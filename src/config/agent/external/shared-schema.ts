import { z } from "zod";
import { guardrailsSchema } from "../guardrails-schema.js";
import { identitySchema } from "../identity-schema.js";
import { ledgerSchema } from "../ledger-schema.js";
import { limitsSchema } from "../limits-schema.js";
import { loopGuardSchema } from "../loop-guard-schema.js";
import { milliseconds } from "../quantities.js";
import { toolPolicySchema, toolsSchema } from "../tools-schema.js";

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What agent files say whatever the kind. */
export const sharedShape = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, "wants lower-case letters, digits and hyphens")
    .describe("Name of the agent in runs and reports."),
  description: z.string().optional().describe("One sentence for readers of reports."),
  version: z.string().min(1).default("1").describe("Version of the agent, as its makers name it."),
  identity: identitySchema.optional().describe("Who the agent acts for; nobody in particular when left out."),
  guardrails: guardrailsSchema
    .optional()
    .describe(
      "Checks of what the user says and of replies; of tools, those that agentctl runs for the agent.",
    ),
  limits: limitsSchema("exchanges with the agent"),
  read_only_tools: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "Tools of the agent without side effects; every other one that it reports is taken to have some.",
    ),
};

/** For agents that may call tools through agentctl. */
export const toolsShape = {
  environment: z
    .string()
    .optional()
    .describe("Environment whose tools the agent may call through agentctl, e.g. orders."),
  tools: toolsSchema
    .optional()
    .describe("Tools that it may call through agentctl; all of the environment's when left out."),
  tool_policy: toolPolicySchema
    .optional()
    .describe("Checks of these calls; on as well where an entry of `tools` says more than a name."),
  loop_guard: loopGuardSchema.optional(),
  ledger: ledgerSchema.optional().describe("Journal of the side effects of these calls; none when left out."),
};

/** Names of environment variables that a process gets. */
export const envAllow = z
  .array(z.string().regex(VARIABLE, "wants the name of an environment variable, never the value itself"))
  .default([])
  .describe("Environment variables that it gets beside PATH, HOME, LANG and TMPDIR.");

export const replyTimeoutMs = milliseconds
  .default(110_000)
  .describe("Longest wait for one reply, in milliseconds; then the trial ends in error.");
