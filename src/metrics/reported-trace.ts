import type { Score } from "../core/score.js";
import type { Trace, UnreportedPart } from "../core/trace.js";
import type { CaseMetric, ScoredInput } from "./metric.js";
import { unscored } from "./scores.js";

const PARTS = { toolCalls: "tool calls", retrievals: "searches" } as const satisfies Partial<
  Record<UnreportedPart, string>
>;

/** A metric asked for something that the agent did not tell. */
class NotReported extends Error {}

/**
 * A trace of which a metric cannot read what the agent left unsaid: an empty list there is not "none", and any number
 * made of it would be made up. Reading such a part throws, so that no metric can forget to ask.
 */
export function reportedTrace(trace: Trace): Trace {
  const hidden = (Object.keys(PARTS) as (keyof typeof PARTS)[]).filter((part) =>
    trace.unreported?.includes(part),
  );
  if (hidden.length === 0) return trace;
  const guards = hidden.map((part) => [
    part,
    {
      enumerable: false,
      get: () => {
        throw new NotReported(`the agent does not report its ${PARTS[part]}`);
      },
    },
  ]);
  return Object.defineProperties({ ...trace }, Object.fromEntries(guards)) as Trace;
}

/** The score of a metric; none where it rests on something that the agent did not tell. */
export function scoreOfReported(metric: CaseMetric, input: ScoredInput): Score {
  try {
    return metric.score(input);
  } catch (error) {
    if (error instanceof NotReported) return unscored(error.message);
    throw error;
  }
}
