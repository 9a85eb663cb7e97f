import type { Evidence, Fix, ReadinessItem, ReadinessList } from "../../report/readiness/readiness-report.js";
import type { AgentFacts, ReadinessFacts } from "./facts.js";

/** What an item says of some facts; `skipped`: it means nothing for this agent. */
export type Finding =
  | Pick<ReadinessItem, "state" | "evidence" | "fix">
  | { readonly state: "skipped"; readonly reason: string };

/** One row of the checklists. */
export interface ItemDefinition {
  /** Stable and unique; begins with the list. */
  readonly id: string;
  readonly list: ReadinessList;
  /** A claim that is true when the item is met. */
  readonly title: string;
  /** One sentence: what goes wrong without it. */
  readonly why: string;
  /** Met only on what the facts show; what they do not say is unknown. */
  readonly check: (facts: ReadinessFacts) => Finding;
}

export function evidence(text: string, place: string | null = null): Evidence {
  return { text, place };
}

export function met(...found: readonly Evidence[]): Finding {
  return { state: "met", evidence: found, fix: null };
}

export function gap(found: Evidence | readonly Evidence[], fix: Fix): Finding {
  return { state: "gap", evidence: [found].flat(), fix };
}

export function unknown(found: Evidence | readonly Evidence[], fix: Fix | null): Finding {
  return { state: "unknown", evidence: [found].flat(), fix };
}

export function skipped(reason: string): Finding {
  return { state: "skipped", reason };
}

export function command(text: string): Fix {
  return { kind: "command", text, file: null };
}

export function change(text: string): Fix {
  return { kind: "change", text, file: null };
}

export function lines(file: string, ...text: readonly string[]): Fix {
  return { kind: "yaml", text: text.join("\n"), file };
}

/** No run, no evidence of what a run would show. */
export function noRun({ suite }: ReadinessFacts): Finding {
  return unknown(evidence(`suite ${suite} has no complete run in this history`), evalCommand(suite));
}

export function evalCommand(suite: string): Fix {
  return command(`agentctl eval --suite ${suite}`);
}

const GRAVEST = ["gap", "unknown", "met"] as const;

/** An item on every agent of a team: the gravest finding, with the evidence of all that share it. */
export function ofEveryAgent(facts: ReadinessFacts, check: (agent: AgentFacts) => Finding): Finding {
  const findings = facts.agents.map(check);
  const state = GRAVEST.find((one) => findings.some((finding) => finding.state === one));
  if (state === undefined) return findings[0] as Finding;
  const grave = findings.flatMap((finding) =>
    finding.state === state && "evidence" in finding ? [finding] : [],
  );
  return { state, evidence: grave.flatMap((one) => one.evidence), fix: grave[0]?.fix ?? null };
}

/** Names in a sentence, cut after a few. */
export function named(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
