const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when the signal is aborted. However many wait for one signal, it has one listener: adding another to a signal
 * takes longer the more it has, and a service has one signal for all its conversations.
 *
 * @param signal - not aborted yet: an aborted one calls nobody
 * @returns forgets the callback
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  let callbacks = waiting.get(signal);
  if (callbacks === undefined) {
    const all = new Set<() => void>();
    waiting.set(signal, all);
    signal.addEventListener("abort", () => {
      for (const each of all) each();
    });
    callbacks = all;
  }
  const known = callbacks;
  known.add(callback);
  return () => known.delete(callback);
}
