import type { GatesConfig } from "../../config/gates/gates-schema.js";
import type { Clock } from "../../core/clock.js";
import type { RunHeader } from "../../core/run.js";
import { judgeGates } from "../../gates/judge-gates.js";
import type { JudgeStandings } from "../../gates/judge-standing.js";
import { asDecided, isDecided } from "../../gates/until/judge-decided.js";
import type { TrialRow } from "../../metrics/metric.js";
import type { Store } from "../../store/store.js";
import type { EvalFlags } from "../eval-flags.js";
import { judgeStandings } from "../judge/judge-standings.js";
import type { Project } from "../project/load-project.js";
import { gateEvidence } from "./gate-evidence.js";

/** Looks in the life of a run: often enough to stop soon, too seldom to slow it down. */
const LOOKS = 200;

/**
 * What watches a new run that `--until decided` may stop; `null` when nothing does.
 */
export function decisionWatch(
  flags: Pick<EvalFlags, "until">,
  rules: GatesConfig | null,
  run: RunHeader,
  services: { readonly store: Store; readonly project: Project; readonly clock: Clock },
): DecisionWatch | null {
  if (flags.until === undefined || rules === null) return null;
  const standings = judgeStandings(services.project, run, services.clock);
  return new DecisionWatch(rules, services.store, run, standings);
}

/** Knows, while a run goes on, whether the verdict of its gates is decided. */
class DecisionWatch {
  private readonly rows: TrialRow[] = [];
  private readonly evidence;
  private readonly step;
  private unseen = 0;
  private decided = false;

  /** @param run - planned in random order, without a finished trial */
  constructor(
    private readonly rules: GatesConfig,
    store: Store,
    run: RunHeader,
    standings: JudgeStandings,
  ) {
    this.evidence = gateEvidence(store, run, [], [], rules, standings);
    this.step = Math.max(1, Math.floor(run.plan.length / LOOKS));
  }

  note(row: TrialRow): void {
    this.rows.push(row);
    this.unseen += 1;
    if (this.decided || this.unseen < this.step) return;
    this.unseen = 0;
    this.decided = isDecided(this.rules, asDecided(this.evidence, [...this.rows]), judgeGates);
  }

  isDecided(): boolean {
    return this.decided;
  }
}
