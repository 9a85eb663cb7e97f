import { ProviderError, UsageError } from "../../../core/errors.js";
import { listedModels } from "../check/probe-models.js";
import type { EndpointClient } from "./endpoint-client.js";
import { failureOf } from "./error-of-reply.js";

/**
 * The model to ask for: the named one, else the first that is listed.
 *
 * @throws {ProviderError} PROVIDER_UNAVAILABLE when nothing answers
 * @throws {UsageError} when none is named and none is listed
 */
export async function resolveModel(
  client: EndpointClient,
  named: string | undefined,
  signal?: AbortSignal,
): Promise<string> {
  const reply = await client.ask("/v1/models", signal === undefined ? {} : { signal });
  if (reply.status === 0) {
    throw new ProviderError("PROVIDER_UNAVAILABLE", `${client.url} is not reachable: ${failureOf(reply)}`, {
      isRetryable: true,
      nextStep: "Check the address, and whether the server runs.",
    });
  }
  const model = named ?? listedModels(reply)?.[0]?.id;
  if (model !== undefined) return model;
  throw new UsageError(`${client.url} lists no model: ${failureOf(reply)}`, {
    nextStep: "Name one with --model.",
  });
}
