import { z } from "zod";
import type { EndpointClient, EndpointReply } from "../http/endpoint-client.js";
import type { ServingSystem } from "../metrics/serving-names.js";
import type { ListedModel } from "./probe-models.js";

const versionSchema = z.object({ version: z.string().max(60) });
const SYSTEM_NAMES: { readonly [System in ServingSystem]: string } = {
  vllm: "vLLM",
  sglang: "SGLang",
  tgi: "text-generation-inference",
};

/** What serves, as far as it says: by its metrics, version pages, models page and header. `null`: it says nothing. */
export async function probeIdentity(
  client: EndpointClient,
  known: {
    readonly system: ServingSystem | null;
    readonly model: ListedModel | undefined;
    readonly first: EndpointReply;
    readonly signal: AbortSignal;
  },
): Promise<string | null> {
  const parts: string[] = [];
  const owner = known.model?.owned_by ?? null;
  if (known.system !== null) parts.push(SYSTEM_NAMES[known.system]);
  // TGI tells its version at /info; vLLM and SGLang at /version.
  for (const path of ["/version", "/info"]) {
    const reply = await client.ask(path, { timeoutMs: 5_000, signal: known.signal });
    const told = reply.status === 200 ? versionSchema.safeParse(reply.json) : null;
    if (told?.success !== true) continue;
    parts.push(`version ${told.data.version}`);
    break;
  }
  if (owner !== null) parts.push(`owned_by ${owner}`);
  if (known.first.server !== null) parts.push(`server ${known.first.server}`);
  return parts.length === 0 ? null : parts.join(", ");
}
