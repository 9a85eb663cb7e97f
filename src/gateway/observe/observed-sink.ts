import type { LiveEvent } from "../../core/live-event.js";
import type { LiveEventSink } from "../parts.js";

/**
 * A sink that shows every event to observers, too: metrics and traces are made of the same events as the log, so that
 * they cannot tell another story.
 */
export function observedSink(
  sink: LiveEventSink,
  observers: readonly ((event: LiveEvent) => void)[],
): LiveEventSink {
  return {
    emit: (event) => {
      sink.emit(event);
      for (const observe of observers) observe(event);
    },
    flush: () => sink.flush(),
    lost: () => sink.lost(),
    close: () => sink.close(),
  };
}
