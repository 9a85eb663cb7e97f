import type { z } from "zod";
import type { ProviderError } from "../core/errors.js";
import { badResponse, type CallPlace } from "./provider-error.js";

/**
 * The JSON of a whole reply. Its headers said that it is coming, so a body that ends early was cut.
 *
 * @throws {ProviderError} PROVIDER_BAD_RESPONSE when it was cut or is no JSON
 */
export async function readJsonBody(place: CallPlace, response: Response): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch {
    throw badResponse(place, "cut its reply short", "Try again; see whether a proxy ends long replies.");
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badResponse(place, "sent a body that is not JSON");
  }
}

/** What is wrong with a streamed reply of which not one event could be read. */
export function noStream(place: CallPlace, response: Response): ProviderError {
  const isJson = /\bjson\b/i.test(response.headers.get("content-type") ?? "");
  return isJson
    ? badResponse(
        place,
        "answered with one JSON document where a stream was asked for",
        "Set model.stream: false in the agent file; this endpoint does not stream.",
      )
    : badResponse(
        place,
        "sent no event of a stream: the reply is empty, cut or in another form",
        "Set model.stream: false in the agent file if this endpoint does not stream; check model.base_url.",
      );
}

/**
 * Checks what came over the wire against what we read of it.
 *
 * @throws {ProviderError} PROVIDER_BAD_RESPONSE naming the place in the body, never the value found there
 */
export function readWire<Schema extends z.ZodType>(
  place: CallPlace,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path.join(".") ?? "";
  throw badResponse(
    place,
    path === "" ? "sent a body that is no model reply" : `sent a reply whose "${path}" is missing or wrong`,
  );
}
