import type { z } from "zod";
import { badResponse, type CallPlace } from "./provider-error.js";

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
