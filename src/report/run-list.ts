import type { RunSummary } from "../store/store.js";
import { shortHash } from "./format.js";
import { renderDocument } from "./json-document.js";
import { oneLine } from "./plain-text.js";
import { runningHint } from "./running-hint.js";
import { painter, type TextStyle } from "./text-style.js";
import { textTable } from "./text-table.js";

/** Stored runs as one JSON document. */
export function renderRunListJson(runs: readonly RunSummary[]): string {
  return renderDocument("run-list", { runs });
}

/** Stored runs as a table, in the order given. */
export function renderRunList(runs: readonly RunSummary[], style: TextStyle): string {
  if (runs.length === 0) return "No run is stored yet; `agentctl eval` makes one.";
  const paint = painter(style);
  const [titles, ...lines] = textTable(
    [
      { title: "run" },
      { title: "suite" },
      { title: "agent" },
      { title: "status" },
      { title: "trials", align: "right" },
      { title: "passed", align: "right" },
      { title: "failed", align: "right" },
      { title: "errors", align: "right" },
      { title: "tags" },
    ],
    runs.map((run) => [
      run.id,
      oneLine(run.suite, 24),
      `${oneLine(run.agentName, 24)}@${shortHash(run.agentVersion)}`,
      run.status,
      run.trials === run.planned ? String(run.trials) : `${run.trials} of ${run.planned}`,
      String(run.passed),
      String(run.failed),
      String(run.errors),
      oneLine(run.tags.join(", "), 40),
    ]),
  );
  const hint = runningHint(runs);
  return [paint(titles ?? "", "dim"), ...lines, ...(hint === null ? [] : ["", hint])].join("\n");
}
