import { z } from "zod";
import { positiveInt } from "../quantities.js";
import { envAllow, replyTimeoutMs, sharedShape, toolsShape } from "./shared-schema.js";

/** What a process needs; also the trigger of kind otlp. */
export const execShape = {
  command: z
    .string()
    .min(1)
    .describe("Program to start, without a shell; a path with a slash is relative to the agent file."),
  args: z.array(z.string()).default([]).describe("Its arguments."),
  cwd: z
    .string()
    .min(1)
    .optional()
    .describe("Folder it runs in, relative to the agent file; that file's own when left out."),
  env_allow: envAllow,
  startup_timeout_ms: positiveInt
    .max(600_000)
    .default(10_000)
    .describe("Longest wait for its `ready`, in milliseconds."),
  reply_timeout_ms: replyTimeoutMs,
  max_line_bytes: positiveInt.default(5_000_000).describe("Longer lines of its stdout are an error."),
  hash_files: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "Files whose content is part of the version; those among `args` and a relative `command` always are.",
    ),
};

export type ExecConfig = z.output<z.ZodObject<typeof execShape>>;

export const execAgentSchema = z.strictObject({
  kind: z.literal("exec").describe("A program that speaks JSON lines over stdin and stdout."),
  ...sharedShape,
  ...execShape,
  ...toolsShape,
});
