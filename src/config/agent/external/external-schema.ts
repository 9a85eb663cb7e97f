import type { z } from "zod";
import { execAgentSchema } from "./exec-schema.js";
import { httpAgentSchema } from "./http-schema.js";
import { moduleAgentSchema } from "./module-schema.js";
import { otlpAgentSchema } from "./otlp-schema.js";

/** Schemas by kind: a file is checked against its own, so that problems speak of that alone. */
export const externalSchemas = {
  http: httpAgentSchema,
  exec: execAgentSchema,
  module: moduleAgentSchema,
  otlp: otlpAgentSchema,
} as const;

export type ExternalKind = keyof typeof externalSchemas;

/** An agent file of an agent that is not built in, checked and with defaults. */
export type ExternalAgentConfig = z.output<(typeof externalSchemas)[ExternalKind]>;
