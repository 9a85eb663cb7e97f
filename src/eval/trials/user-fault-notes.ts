import type { GoldenCase } from "../../core/golden-case.js";
import { traceOf } from "../../core/trace.js";
import type { Trial } from "../../core/trial.js";
import { userFaultsOf } from "../../metrics/user/user-faults.js";

const SHOWN = 3;

/** Collects the trials in which the simulated user made a fault, so that they are not blamed on the agent unread. */
export class UserFaultNotes {
  private played = 0;
  private readonly faulty: string[] = [];

  note(goldenCase: GoldenCase, trial: Trial): void {
    const { input } = goldenCase;
    if (trial.status === "error" || input.kind !== "user" || input.script !== null) return;
    const faults = userFaultsOf({ goldenCase, trace: traceOf(trial) });
    if (faults === null) return;
    this.played += 1;
    const [first] = faults;
    if (first === undefined) return;
    this.faulty.push(`${trial.caseId} trial ${trial.trial} (${first.kind})`);
  }

  /** At most one sentence; none when no user made a fault. */
  notes(): readonly string[] {
    const count = this.faulty.length;
    if (count === 0) return [];
    const shown = this.faulty.slice(0, SHOWN).join(", ");
    const more = count > SHOWN ? `, and ${count - SHOWN} more` : "";
    return [
      `the simulated user may be at fault in ${count} of ${this.played} trials: ${shown}${more}; read them before ` +
        "you blame the agent (`agentctl score latest --metrics 'user.*'`)",
    ];
  }
}
