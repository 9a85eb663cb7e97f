import { z } from "zod";
import type { EndpointReply } from "../http/endpoint-client.js";
import { failureOf } from "../http/error-of-reply.js";
import { fail, type ProbeFinding, pass, refused } from "./probe.js";

const length = z.int().positive().optional().catch(undefined);
const modelSchema = z.object({
  id: z.string(),
  owned_by: z.string().nullish().catch(null),
  root: z.string().nullish().catch(null),
  parent: z.string().nullish().catch(null),
  max_model_len: length,
  context_length: length,
  context_window: length,
  meta: z.object({ n_ctx: length, n_ctx_train: length }).nullish().catch(null),
});
const modelsSchema = z.object({ data: z.array(modelSchema) });

export type ListedModel = z.output<typeof modelSchema>;

/** Models of the answer to GET /v1/models; `null` when it is no list. */
export function listedModels(reply: EndpointReply): readonly ListedModel[] | null {
  if (reply.status !== 200) return null;
  const parsed = modelsSchema.safeParse(reply.json);
  return parsed.success ? parsed.data.data : null;
}

/** Whether models are listed, and the named one is among them. */
export function modelsFinding(reply: EndpointReply, named: string | undefined): ProbeFinding {
  const models = listedModels(reply);
  if (models === null) {
    return reply.status === 200 ? fail("GET /v1/models answered without a list") : refused(reply);
  }
  const names = models.map(({ id }) => id);
  const shown =
    names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
  if (named !== undefined && !names.includes(named)) {
    return fail(`"${named}" is not listed; listed: ${shown === "" ? "none" : shown}`);
  }
  return names.length === 0 ? fail("the list is empty") : pass(shown);
}

/** Whether anything answers there. */
export function reachableFinding(reply: EndpointReply): ProbeFinding {
  return reply.status === 0 ? fail(failureOf(reply)) : pass(`GET /v1/models: HTTP ${reply.status}`);
}
