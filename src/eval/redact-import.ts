import type { ImportedRun } from "../datasets/import/imported-run.js";
import { API_KEY, KEY_MARK } from "../metrics/safety/pii-rules.js";
import { redactValue } from "../models/secret-redactor.js";

/**
 * Blacks out API keys in the texts of imported results, by their form: what another tool recorded may hold any. Passages
 * of retrievals are left alone: there may be a million, and they are the corpus's.
 */
export function redactImport(imported: ImportedRun): ImportedRun {
  let count = 0;
  const inText = (text: string) =>
    text.replace(API_KEY, () => {
      count += 1;
      return KEY_MARK;
    });
  const redact = <T>(value: T) => redactValue(value, inText) as T;
  const cases = imported.cases.map((one) => ({
    ...one,
    input: redact(one.input),
    expect: redact(one.expect),
  }));
  const trials = imported.trials.map((trial) => ({
    ...trial,
    error: redact(trial.error),
    steps: trial.steps.map((step) => (step.kind === "retrieval" ? step : redact(step))),
    scores: redact(trial.scores),
  }));
  if (count === 0) return imported;
  const note = `${count === 1 ? "1 API key was" : `${count} API keys were`} blacked out in the imported texts.`;
  return { ...imported, cases, trials, notes: [...imported.notes, note] };
}
