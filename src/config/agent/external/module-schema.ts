import { z } from "zod";
import { envAllow, replyTimeoutMs, sharedShape, toolsShape } from "./shared-schema.js";

export const moduleAgentSchema = z.strictObject({
  kind: z
    .literal("module")
    .describe("A function in a TypeScript or JavaScript file; it runs in this process."),
  ...sharedShape,
  ...toolsShape,
  module: z.string().min(1).describe("The file, relative to the agent file."),
  export: z.string().min(1).default("default").describe("Name of the function in it."),
  reply_timeout_ms: replyTimeoutMs,
  env_allow: envAllow.describe(
    "Environment variables that it gets as `context.env`; their values are blacked out wherever they turn up.",
  ),
});

export type ModuleAgentConfig = z.output<typeof moduleAgentSchema>;
