import type { ImportedRun } from "../../datasets/import/imported-run.js";
import { API_KEY, KEY_MARK } from "../../metrics/safety/pii-rules.js";
import { redactValue } from "../../models/secret-redactor.js";

/** Blacks out API keys in texts, by their form, and counts them. */
export class KeyRedactor {
  private count = 0;

  /** A JSON value of the same shape without API keys. */
  redact<T>(value: T): T {
    return redactValue(value, (text) => this.inText(text)) as T;
  }

  /** What was blacked out, in one sentence; `null` when nothing was. */
  get note(): string | null {
    if (this.count === 0) return null;
    return `${this.count === 1 ? "1 API key was" : `${this.count} API keys were`} blacked out in the imported texts.`;
  }

  private inText(text: string): string {
    return text.replace(API_KEY, () => {
      this.count += 1;
      return KEY_MARK;
    });
  }
}

/**
 * Blacks out API keys in the texts of imported results, by their form: what another tool recorded may hold any. Passages
 * of retrievals are left alone: there may be a million, and they are the corpus's.
 */
export function redactImport(imported: ImportedRun): ImportedRun {
  const keys = new KeyRedactor();
  const cases = imported.cases.map((one) => ({
    ...one,
    input: keys.redact(one.input),
    expect: keys.redact(one.expect),
  }));
  const trials = imported.trials.map((trial) => ({
    ...trial,
    error: keys.redact(trial.error),
    steps: trial.steps.map((step) => (step.kind === "retrieval" ? step : keys.redact(step))),
    scores: keys.redact(trial.scores),
  }));
  const { note } = keys;
  return note === null ? imported : { ...imported, cases, trials, notes: [...imported.notes, note] };
}
