import { z } from "zod";
import { envAllow, replyTimeoutMs, sharedShape, toolsShape } from "./shared-schema.js";

export const moduleAgentSchema = z.strictObject({
  kind: z.literal("module").describe("A function in a TypeScript or JavaScript file."),
  ...sharedShape,
  ...toolsShape,
  module: z.string().min(1).describe("The file, relative to the agent file."),
  export: z.string().min(1).default("default").describe("Name of the function in it."),
  isolate: z
    .boolean()
    .default(false)
    .describe("Whether it runs in a thread of its own, which can be stopped in an endless loop."),
  reply_timeout_ms: replyTimeoutMs,
  env_allow: envAllow,
});

export type ModuleAgentConfig = z.output<typeof moduleAgentSchema>;
