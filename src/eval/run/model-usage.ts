import type { AgentEvent, Speaker } from "../../core/events.js";
import type { ModelUsage } from "../../report/run-report.js";

/** Adds up what each model of a run took, from the events of its trials. */
export class ModelUsageTally {
  private readonly models = new Map<string, { -readonly [Key in keyof ModelUsage]: ModelUsage[Key] }>();

  /** Takes all events of one trial: calls belong together by their ids, which are unique in a trial. */
  addTrial(events: readonly AgentEvent[]): void {
    const asked = new Map<string, string>();
    for (const { event_type: type, payload } of events) {
      if (type === "llm_call_start") asked.set(payload.callId, `${payload.provider}/${payload.model}`);
      if (type !== "llm_call_end") continue;
      const { answeredBy, usage, costUsd } = payload;
      const name =
        answeredBy === undefined ? asked.get(payload.callId) : `${answeredBy.provider}/${answeredBy.model}`;
      const own = this.of(name ?? "unknown", payload.speaker);
      own.calls += 1;
      if (payload.cached) own.cached += 1;
      own.inputTokens += usage?.inputTokens ?? 0;
      own.outputTokens += usage?.outputTokens ?? 0;
      if (costUsd === null) own.costUnknown += 1;
      else own.costUsd = (own.costUsd ?? 0) + costUsd;
    }
  }

  /** In the order in which they were first asked. */
  all(): readonly ModelUsage[] {
    return [...this.models.values()];
  }

  private of(model: string, speaker: Speaker) {
    const key = JSON.stringify([model, speaker]);
    const own = this.models.get(key) ?? {
      model,
      speaker,
      calls: 0,
      cached: 0,
      inputTokens: 0,
      outputTokens: 0,
      costUsd: null,
      costUnknown: 0,
    };
    this.models.set(key, own);
    return own;
  }
}
