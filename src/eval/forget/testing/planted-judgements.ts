import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../../core/hash.js";
import type { Subject } from "../../../core/judgement.js";
import { entryRows } from "../../../judge/import/exported-labels.js";
import { csvCell } from "../../../judge/import/spreadsheet-cell.js";
import { judgementFile, openJudgementStore } from "../../../store/judgement-store.js";
import {
  sampleCalibration,
  sampleLabel,
  sampleSubject,
  sampleVerdict,
} from "../../../store/testing/judgement-samples.js";
import type { ReceiptUser } from "../receipt.js";

type Judged = "judged" | "replayed" | "comment" | "reasoning" | "calibration" | "labeljsonl" | "labelcsv";

/** A text of a user with a word that occurs nowhere else. */
type Said = (place: Judged, user: ReceiptUser) => string;

/** Items of trials: one of a chat that names the conversation, and one of a case that was saved from it. */
function judgedTrials(user: ReceiptUser, said: Said): readonly Subject[] {
  const name = `${user.tenantId}-${user.userId}`;
  return [`chat-${name}`, `case-${name}`].map((caseId, index) =>
    sampleSubject(`${caseId}/0@${sha256(caseId).slice(0, 12)}`, {
      question: said(index === 0 ? "judged" : "replayed", user),
      origin: { run: "run", caseId, trial: 0 },
    }),
  );
}

/** Writes labels, verdicts and a calibration for each user's trials, and exports of the labels. */
export function plantJudgements(root: string, users: readonly ReceiptUser[], said: Said): void {
  const store = openJudgementStore(judgementFile(join(root, ".agentctl")));
  const entries = users.flatMap((user) => {
    const [chat, replayed] = judgedTrials(user, said) as [Subject, Subject];
    store.addItems([chat, replayed]);
    const label = sampleLabel(`label-${user.tenantId}-${user.userId}`, {
      item: chat.item,
      comment: said("comment", user),
    });
    store.addLabels([label]);
    store.addVerdicts([sampleVerdict(replayed.item, { reasoning: said("reasoning", user) })]);
    store.addCalibration(
      sampleCalibration(label.id),
      JSON.stringify({ worst: [{ item: chat.item, text: said("calibration", user) }] }),
    );
    return [label];
  });
  store.close();
  const exported = (place: "labeljsonl" | "labelcsv") =>
    entries.map((entry, index) => ({ ...entry, comment: said(place, users[index] as ReceiptUser) }));
  writeFileSync(
    join(root, "labels.jsonl"),
    entryRows(exported("labeljsonl"))
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(""),
  );
  exported("labelcsv").forEach((entry, index) => {
    const [row = {}] = entryRows([entry]);
    const { tenantId, userId } = users[index] as ReceiptUser;
    writeFileSync(
      join(root, `${tenantId}-${userId}.csv`),
      `${Object.keys(row).join(",")}\n${Object.values(row)
        .map((cell) => csvCell(String(cell ?? "")))
        .join(",")}\n`,
    );
  });
}
