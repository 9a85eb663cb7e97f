import { canonicalJson, type Json } from "../../core/hash.js";
import { listNames } from "../../core/nearest.js";
import { flatCaseId } from "../normalise-case.js";
import { type CaseDraft, checkDrafts } from "../write-dataset.js";
import { idealAnswer, promptInput } from "./openai-evals-prompt.js";
import { ProblemList } from "./problem-list.js";
import type { ImportedDataset } from "./table.js";
import type { TableRow } from "./table-file.js";

const TAKEN = new Set(["input", "ideal"]);

/**
 * The golden set of a file of samples of OpenAI evals: `input`, a text or chat messages, and `ideal`. Ids come from
 * the input, so that they stay when lines move.
 *
 * @throws {DatasetError} with every problem of the file
 */
export function openaiEvalsSamples(path: string, rows: readonly TableRow[]): ImportedDataset {
  const problems = new ProblemList(path);
  const drafts = new Map<string, CaseDraft>();
  const count = { system: 0, repeated: 0, several: 0 };
  const ignored = new Set<string>();
  for (const { line, value } of rows) {
    const { input, systemMessages } = promptInput(value.input);
    if (input === null) {
      problems.add(line, "expected `input`, a text or chat messages; found none");
      continue;
    }
    for (const key of Object.keys(value)) if (!TAKEN.has(key)) ignored.add(key);
    const answer = idealAnswer(value.ideal);
    if (Array.isArray(value.ideal) && value.ideal.length > 1) count.several++;
    if (systemMessages > 0) count.system++;
    const whole = canonicalJson(value.input as Json);
    const draft = (id: string): CaseDraft => ({
      line,
      place: "",
      value: { id, input, ...(answer !== null && { expect: { answer } }) },
    });
    const first = draft(flatCaseId(whole));
    const same = drafts.get(first.value.id as string);
    const chosen =
      same === undefined || same.value.expect === undefined || sameAnswer(same, first)
        ? first
        : draft(flatCaseId(`${whole}\n${answer}`));
    if (drafts.has(chosen.value.id as string)) count.repeated++;
    else drafts.set(chosen.value.id as string, chosen);
  }
  checkDrafts([...drafts.values()], problems);
  problems.throwIfAny();
  return {
    drafts: [...drafts.values()],
    notes: [
      ...(count.repeated > 0 ? [`${count.repeated} samples repeat an earlier one and were left out`] : []),
      ...(count.system > 0
        ? [`${count.system} samples have system messages, which belong to the agent: they were left out`]
        : []),
      ...(count.several > 0
        ? [`${count.several} samples have several ideals: the answer holds them with " | " between`]
        : []),
      ...(ignored.size > 0 ? [`keys that a golden set has no place for: ${listNames([...ignored])}`] : []),
    ],
  };
}

function sameAnswer(one: CaseDraft, other: CaseDraft): boolean {
  return JSON.stringify(one.value.expect) === JSON.stringify(other.value.expect);
}
