import { ProviderError } from "../../../core/errors.js";
import type { Span } from "./span.js";
import type { IgnoredSpans, TraceInbox } from "./trace-inbox.js";

export interface TraceWaiting {
  /** Longest wait for the root span, and for silence after it, in milliseconds. */
  readonly waitMs: number;
  /** Silence after the root span until the trace is read: other spans may be on their way. */
  readonly settleMs: number;
}

/**
 * Waits until a trace is whole: its root span, which ends last, has arrived and nothing else has for a while. A trace
 * that never falls silent is read at the deadline, with what there is.
 *
 * @throws {ProviderError} `PROVIDER_TIMEOUT` when no root span came in time: of a trace without it nobody can say what
 *   it lacks; `PROVIDER_ABORTED` when the signal is aborted
 */
export async function awaitTrace(
  inbox: TraceInbox,
  { waitMs, settleMs }: TraceWaiting,
  signal: AbortSignal,
  ignored: () => IgnoredSpans,
): Promise<readonly Span[]> {
  await new Promise<void>((resolve, reject) => {
    let settling: NodeJS.Timeout | undefined;
    const finish = (act: () => void) => {
      clearTimeout(deadline);
      clearTimeout(settling);
      signal.removeEventListener("abort", abort);
      inbox.onArrival(() => {});
      act();
    };
    const abort = () =>
      finish(() => reject(new ProviderError("PROVIDER_ABORTED", "the wait for the trace was stopped")));
    const settle = () => {
      if (!inbox.hasRoot()) return;
      clearTimeout(settling);
      settling = setTimeout(() => finish(resolve), settleMs);
    };
    const deadline = setTimeout(() => {
      finish(inbox.hasRoot() ? resolve : () => reject(missingRoot(inbox, waitMs, ignored())));
    }, waitMs);
    signal.addEventListener("abort", abort, { once: true });
    inbox.onArrival(settle);
    if (signal.aborted) abort();
    else settle();
  });
  return inbox.spans();
}

function missingRoot(inbox: TraceInbox, waitMs: number, ignored: IgnoredSpans): ProviderError {
  const count = inbox.spans().length;
  const others =
    ignored.unknown === 0
      ? "nor of any other trace"
      : `but ${ignored.unknown} of ${ignored.unknownTraces} other traces`;
  return count === 0
    ? new ProviderError(
        "PROVIDER_TIMEOUT",
        `expected spans of trace ${inbox.traceId} within ${waitMs} ms of the reply, found none, ${others}`,
        {
          isRetryable: true,
          nextStep:
            ignored.unknown === 0
              ? "let the agent export to OTEL_EXPORTER_OTLP_ENDPOINT, and flush before it answers; or raise `wait_ms`"
              : "let the agent continue the trace of `traceparent` instead of starting one of its own",
        },
      )
    : new ProviderError(
        "PROVIDER_TIMEOUT",
        `expected the root span of trace ${inbox.traceId} within ${waitMs} ms of the reply, found ${count} other spans`,
        { isRetryable: true, nextStep: "end the root span and flush the exporter, or raise `wait_ms`" },
      );
}
