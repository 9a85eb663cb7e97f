import { EXIT } from "../../core/exit-codes.js";
import { escapeHtml } from "../escape-html.js";
import { renderMarkdown } from "../markdown.js";
import { plainText } from "../plain-text.js";
import type { RunReport } from "../run-report.js";

/** GitHub refuses comments of more than 65,536 characters; the rest is for a mark and a link. */
const MAX_CHARACTERS = 64_000;

/** What a CI job has to tell: the runs of its evaluation, or why there is none. */
export interface CiReport {
  /** One a suite; empty when nothing was run. */
  readonly runs: readonly RunReport[];
  /** Exit code of `agentctl eval`, as far as the caller knows it. */
  readonly exitCode: number | null;
}

/** The whole as Markdown, for a step summary or a comment, within the length of a comment. */
export function renderCiMarkdown(report: CiReport): string {
  const text =
    report.runs.length === 0 ? withoutRuns(report.exitCode) : report.runs.map(renderMarkdown).join("\n");
  return withinLength(text, MAX_CHARACTERS);
}

function withoutRuns(exitCode: number | null): string {
  if (exitCode === 0)
    return "## agentctl: nothing to run\n\nNo suite was asked to run, or nothing that it depends on changed.\n";
  const why = exitCode === null ? "" : ` It ended with exit code ${exitCode}${MEANINGS[exitCode] ?? ""}.`;
  return `## 🛑 agentctl: no run\n\nThe evaluation left no run, so nothing can be said of the agent.${why} The log of the job says more.\n`;
}

const MEANINGS: { readonly [code: number]: string } = {
  [EXIT.userError]: ": wrong flags, configuration or dataset",
  [EXIT.infrastructure]: ": a provider or the run history failed",
  [EXIT.bug]: ": a bug in agentctl",
  [EXIT.interrupted]: ": it was interrupted",
};

/** Cuts between lines, and closes what is open. */
function withinLength(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.lastIndexOf("\n", most - 200);
  const kept = text.slice(0, end === -1 ? most - 200 : end);
  const count = (tag: string) => kept.split(tag).length - 1;
  const open = (name: string) => Math.max(0, count(`<${name}>`) - count(`</${name}>`));
  const closing = `${"</pre>".repeat(open("pre"))}${"</details>".repeat(open("details"))}`;
  return `${kept}\n${closing}\n\n…the rest is left out here; the HTML report has it all.\n`;
}

/** What marks the one comment of a job; invisible where it is shown. */
export function commentMark(key: string): string {
  return `<!-- agentctl ${key
    .replaceAll(/[^\w./-]+/g, "-")
    .replaceAll(/--+/g, "-")
    .slice(0, 200)} -->`;
}

/**
 * The comment on a pull or merge request.
 *
 * @param key - tells the comments of several jobs apart
 * @param link - page of the job; `null` where nobody knows it
 */
export function renderComment(report: CiReport, key: string, link: string | null): string {
  const footer =
    link === null ? "" : `\n<sub><a href="${escapeHtml(plainText(link))}">log and reports</a></sub>\n`;
  return `${commentMark(key)}\n${renderCiMarkdown(report)}${footer}`;
}
