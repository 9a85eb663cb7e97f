import { ProviderError, type ProviderErrorCode } from "../../core/errors.js";

/**
 * A call that was never made: a breaker is open, or its turn did not come in time. Making it again at once would be
 * refused again, so retries pass it on, to the next model of a fallback chain where there is one.
 */
export class RefusedCall extends ProviderError {
  constructor(
    code: ProviderErrorCode,
    message: string,
    options: { nextStep: string; retryAfterMs?: number },
  ) {
    super(code, message, { ...options, isRetryable: true });
    this.name = "ProviderError";
  }
}
