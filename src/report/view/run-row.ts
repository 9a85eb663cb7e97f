import { createHash } from "node:crypto";
import { formatAmount } from "../../comparison/sentences.js";
import type { Estimate, Verdict } from "../../core/score.js";
import type { RunSummary } from "../../store/store.js";
import { escapeHtml } from "../escape-html.js";
import { formatCost, formatDuration, formatLevel, shortHash } from "../format.js";
import { intervalBar } from "../html/interval-bar.js";
import { linkHtml, runPath } from "./view-links.js";

/** What is known of a run when its rows were read; more than the counts of a list. */
export interface RunStanding {
  /** By the gates as they are now; `null` without gates, or where they cannot be read. */
  readonly verdict: Verdict | null;
  /** Why, in a sentence; why there is none, where there is none. */
  readonly why: string;
  /** Of `task.success`; `null` when the run is not estimated by it. */
  readonly rate: Estimate | null;
  /** US dollars, sum of the known costs; `null` when none is known. */
  readonly costUsd: number | null;
  readonly costUnknown: number;
  /** Time in which a trial ran; `null` when nobody measured it. */
  readonly durationMs: number | null;
}

/** A row of the list, with a mark that changes when it does. */
export interface RunRow {
  readonly id: string;
  readonly state: string;
  /** Whether the page's script asks for what is not known yet, or no longer. */
  readonly isPending: boolean;
  readonly html: string;
}

/**
 * @param standing - `null`: not known yet
 * @param isOld - whether it may be another one by now
 */
export function runRow(run: RunSummary, standing: RunStanding | null, isOld: boolean): RunRow {
  const isPending = (standing === null || isOld) && run.status !== "running";
  const cells = [
    `<td class="pick"><label><input type="checkbox" name="run" value="${escapeHtml(run.id)}"><span class="unseen">Compare ${escapeHtml(run.id)}</span></label></td>`,
    `<th scope="row" class="name">${linkHtml(runPath(run.id), run.id)}<small>${escapeHtml(timeText(run.createdAt))} UTC</small>${run.tags.map(tagHtml).join("")}</th>`,
    `<td class="verdict">${verdictHtml(run, standing)}</td>`,
    `<td class="rate more" data-label="passed">${rateHtml(run, standing)}</td>`,
    `<td class="more" data-label="suite">${escapeHtml(run.suite)}</td>`,
    `<td class="agent more" data-label="agent">${escapeHtml(run.agentName)}@<code>${escapeHtml(shortHash(run.agentVersion))}</code><small>${escapeHtml(`${run.provider}/${run.model}`)}</small></td>`,
    `<td class="more" data-label="commit">${commitHtml(run)}</td>`,
    `<td class="num more" data-label="cost">${standing === null ? "…" : costHtml(standing)}</td>`,
    `<td class="num more" data-label="time">${timeTaken(run, standing)}</td>`,
  ].join("");
  const state = createHash("sha256").update(cells).digest("base64url").slice(0, 12);
  const pending = isPending ? " data-pending" : "";
  return {
    id: run.id,
    state,
    isPending,
    html: `<tr data-run="${escapeHtml(run.id)}" data-state="${state}"${pending}>${cells}</tr>`,
  };
}

/** `2026-11-21 06:55`, in UTC. */
export function timeText(isoTime: string): string {
  return isoTime.slice(0, 16).replace("T", " ");
}

/** The tag that gates compare with stands out. */
export function tagHtml(tag: string): string {
  return `<span class="tag${tag === "main" ? " main" : ""}">${escapeHtml(tag)}</span>`;
}

function verdictHtml(run: RunSummary, standing: RunStanding | null): string {
  if (run.status === "running") {
    const text = `${run.trials} of ${run.planned} trials`;
    return `<span class="pill running">running</span><progress max="${Math.max(1, run.planned)}" value="${run.trials}" aria-label="${text}"></progress><small>${text}</small>`;
  }
  const ended =
    run.status === "complete" || run.status === "decided"
      ? ""
      : `<small>${run.status.replaceAll("_", " ")}</small>`;
  if (standing === null) return `<span class="pill">…</span>${ended}`;
  const { verdict, why } = standing;
  const pill =
    verdict === null
      ? '<span class="pill">no verdict</span>'
      : `<span class="pill ${verdict}">${verdict}</span>`;
  const reason = verdict === "pass" ? "" : `<small>${escapeHtml(why)}</small>`;
  return `${pill}${ended}${reason}`;
}

function rateHtml(run: RunSummary, standing: RunStanding | null): string {
  const scored = run.passed + run.failed;
  const counts = [
    scored === 0 ? "nothing scored" : `${run.passed} of ${scored} trials`,
    ...(run.errors === 0 ? [] : [`${run.errors} in error`]),
    ...(run.status !== "running" && run.trials < run.planned ? [`${run.planned - run.trials} not run`] : []),
  ].join(", ");
  const rate = standing?.rate ?? null;
  if (rate === null || rate.value === null) return `<small>${counts}</small>`;
  const { lower, upper, level } = rate;
  const limits =
    lower === null || upper === null
      ? ""
      : ` <span class="soft" title="${formatLevel(level)} interval">[${formatAmount(lower, rate.unit)}, ${formatAmount(upper, rate.unit)}]</span>`;
  return `<b>${formatAmount(rate.value, rate.unit)}</b>${limits}<small>${counts}</small>${intervalBar(rate, null)}`;
}

function commitHtml({ gitCommit, gitDirty }: RunSummary): string {
  if (gitCommit === null) return '<span class="soft">unknown</span>';
  return `<code>${escapeHtml(gitCommit.slice(0, 8))}</code>${gitDirty === true ? "<small>with changes</small>" : ""}`;
}

function costHtml({ costUsd, costUnknown }: RunStanding): string {
  const trials = costUnknown === 1 ? "1 trial" : `${costUnknown} trials`;
  const note = costUsd === null || costUnknown === 0 ? "" : `<small>without ${trials}</small>`;
  return `${formatCost(costUsd)}${note}`;
}

function timeTaken(run: RunSummary, standing: RunStanding | null): string {
  if (run.finishedAt === null) return '<span class="soft">not finished</span>';
  return standing === null ? "…" : formatDuration(standing.durationMs);
}
