import { ProviderError } from "../../core/errors.js";
import type { ToolCallContext } from "./tool.js";

/**
 * Whether an error of a tool says that nothing happened. An aborted or timed-out request may have arrived, whatever the
 * tool makes of it.
 */
export function isNotReached(
  error: unknown,
  { signal }: Pick<ToolCallContext, "signal">,
): error is ProviderError {
  if (!(error instanceof ProviderError) || signal.aborted) return false;
  return error.code !== "PROVIDER_ABORTED" && error.code !== "PROVIDER_TIMEOUT";
}
