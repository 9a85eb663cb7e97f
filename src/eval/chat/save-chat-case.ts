import { existsSync, readFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { DatasetError, UsageError } from "../../core/errors.js";
import { ProblemList } from "../../datasets/import/problem-list.js";
import { readDataset } from "../../datasets/read-dataset.js";
import { checkDrafts, datasetText } from "../../datasets/write-dataset.js";
import { writeWhole } from "../output/write-whole.js";
import { shownPath } from "../project/shown-path.js";
import { type ChatRecord, chatCase } from "./chat-case.js";

/** Where a case went. */
export interface SavedCase {
  readonly id: string;
  /** As messages name it. */
  readonly file: string;
}

/**
 * Appends a conversation to a golden set, after the checks that every case passes. The file is made when missing.
 *
 * @throws {UsageError} when nothing was said yet, or the file is no JSONL file
 * @throws {DatasetError} when the id is taken, or the case or the file is not valid
 */
export async function saveChatCase(
  record: ChatRecord,
  id: string | null,
  file: string,
  workingDirectory: string,
): Promise<SavedCase> {
  const path = resolve(workingDirectory, file);
  const shown = shownPath(path, workingDirectory);
  if (extname(path) !== ".jsonl") {
    throw new UsageError(`/save-case: expected a .jsonl file, found ${shown}`);
  }
  const draft = chatCase(id, record);
  if (draft === null) throw new UsageError("/save-case: nothing was said yet");
  const problems = new ProblemList(shown);
  const [checked] = checkDrafts([draft], problems);
  problems.throwIfAny();
  const existing = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (existing.trim() !== "") {
    const twin = (await readDataset(path)).cases.find((one) => one.id === checked?.id);
    if (twin !== undefined) {
      throw new DatasetError(
        [{ file: shown, line: twin.line, message: `has the case "${twin.id}" already` }],
        {
          nextStep: "save it under another id: /save-case ID",
        },
      );
    }
  }
  const separator = existing === "" || existing.endsWith("\n") ? "" : "\n";
  await writeWhole(path, `${existing}${separator}${datasetText([draft])}`);
  return { id: checked?.id ?? "", file: shown };
}
