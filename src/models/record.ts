import type { Clock } from "../core/clock.js";
import { type AgentctlError, ProviderError } from "../core/errors.js";
import type { CassetteSink } from "./cassette-file.js";
import type { Model } from "./model.js";
import { requestHash } from "./request-hash.js";

/**
 * Records what a model answers, from any provider and with any number of calls at once. A call that fails for
 * good is recorded as a crash of its trial; one that the caller aborted is not recorded. Goes outside the retries.
 *
 * @throws what the model throws; {StoreError} when a line cannot be written
 */
export function recordingModel(model: Model, sink: CassetteSink, clock: Pick<Clock, "monotonic">): Model {
  return {
    provider: model.provider,
    name: model.name,
    async complete(request, options) {
      const { caseId, trial, speaker, turn } = request.position;
      const startedAt = clock.monotonic();
      try {
        const reply = await model.complete(request, options);
        const durationMs = Math.round(clock.monotonic() - startedAt);
        await sink.write({
          caseId,
          trial,
          speaker,
          turn,
          requestHash: requestHash(request),
          reply,
          durationMs,
        });
        return reply;
      } catch (error) {
        if (error instanceof ProviderError && error.code !== "PROVIDER_ABORTED") {
          await sink.write({ caseId, trial, crash: crashMessage(error) });
        }
        throw error;
      }
    },
  };
}

function crashMessage(error: AgentctlError): string {
  return `${error.code}: ${error.message}`;
}
