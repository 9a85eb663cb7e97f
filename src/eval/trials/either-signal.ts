/** A signal that is aborted with any of two, and what lets go of them. */
export interface EitherSignal {
  readonly signal: AbortSignal;
  /** To be called when nobody listens any more: the first signal may live as long as the run. */
  readonly release: () => void;
}

/** As `AbortSignal.any`, which in Node 20 keeps every signal that was made from a long-lived one. */
export function eitherSignal(lasting: AbortSignal, brief: AbortSignal): EitherSignal {
  const controller = new AbortController();
  const abort = () => controller.abort();
  if (lasting.aborted || brief.aborted) abort();
  lasting.addEventListener("abort", abort);
  brief.addEventListener("abort", abort);
  return {
    signal: controller.signal,
    release: () => {
      lasting.removeEventListener("abort", abort);
      brief.removeEventListener("abort", abort);
    },
  };
}

/** Waits for a promise, or for a signal where it is aborted sooner. */
export async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let stop = () => {};
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener("abort", stop);
  });
  await Promise.race([promise, aborted]);
  signal.removeEventListener("abort", stop);
}
