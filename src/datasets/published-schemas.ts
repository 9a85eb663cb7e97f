import { z } from "zod";
import { anyAgentSchema } from "../config/agent-schema.js";
import { gatesSchema } from "../config/gates/gates-schema.js";
import { gatewaySchema } from "../config/gateway/gateway-schema.js";
import { judgeSchema } from "../config/judge/judge-schema.js";
import { projectSchema } from "../config/project-schema.js";
import { incidentSchema } from "../config/release/incident-schema.js";
import { releaseSchema } from "../config/release/release-schema.js";
import { scriptSchema } from "../config/script-schema.js";
import { goldenCaseSchema } from "./golden-case-schema.js";

const SOURCES = [
  ["agentctl", "agentctl.yaml", projectSchema],
  ["agent", "agentctl agent file", anyAgentSchema],
  ["gates", "agentctl gates.yaml", gatesSchema],
  ["gateway", "agentctl gateway.yaml", gatewaySchema],
  ["judge", "agentctl judge file", judgeSchema],
  ["incident", "agentctl incident file", incidentSchema],
  ["release", "agentctl release.yaml", releaseSchema],
  ["script", "agentctl script of the provider scripted", scriptSchema],
  ["golden-case", "one line of an agentctl golden set", goldenCaseSchema],
] as const;

/**
 * JSON Schemas of the files that users write, by file name, as text. They describe what may be written, so a
 * key with a default is optional. Draft 7, which editors complete from; rules between two keys are not in it.
 */
export function publishedSchemas(): ReadonlyMap<string, string> {
  const schemas = new Map<string, string>();
  for (const [name, title, schema] of SOURCES) {
    const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
    schemas.set(`${name}.schema.json`, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`);
  }
  return schemas;
}
