import {
  READINESS_LISTS,
  type ReadinessCounts,
  type ReadinessItem,
  type ReadinessReport,
  type ReadinessState,
  type ScoredList,
  type SkippedItem,
} from "../../report/readiness/readiness-report.js";
import type { ReadinessFacts } from "./facts.js";
import { readinessItems } from "./registry.js";

/** Scores every item on the facts. */
export function scoreFacts(facts: ReadinessFacts): ReadinessReport {
  const lists = READINESS_LISTS.map((list): ScoredList => {
    const items: ReadinessItem[] = [];
    const skipped: SkippedItem[] = [];
    for (const { id, title, why, check } of readinessItems.filter((item) => item.list === list)) {
      const finding = check(facts);
      if (finding.state === "skipped") skipped.push({ id, title, reason: finding.reason });
      else items.push({ id, title, why, ...finding });
    }
    return { list, ...countStates(items), items, skipped };
  });
  return {
    suite: facts.suite,
    agent: facts.agents[0].config.name,
    runId: facts.run?.id ?? null,
    at: new Date(facts.now).toISOString(),
    total: countStates(lists.flatMap(({ items }) => items)),
    lists,
  };
}

function countStates(items: readonly ReadinessItem[]): ReadinessCounts {
  const count = (state: ReadinessState) => items.filter((item) => item.state === state).length;
  return { met: count("met"), gap: count("gap"), unknown: count("unknown") };
}
