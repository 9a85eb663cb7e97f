import { escapeHtml } from "../escape-html.js";
import { staticPage } from "../html/html-page.js";
import { PAGE_STYLE } from "../html/html-style.js";
import { plainText } from "../plain-text.js";
import { READINESS_STYLE } from "./readiness-html-style.js";
import type {
  Evidence,
  Fix,
  ReadinessCounts,
  ReadinessItem,
  ReadinessReport,
  ScoredList,
} from "./readiness-report.js";
import { countsText, fixLead, LIST_NAMES, STATE_MARKS } from "./readiness-words.js";

/** The scorecard as one HTML page: no script, no network. */
export function renderReadinessHtml(report: ReadinessReport): string {
  const { agent, lists } = report;
  const links = lists.map(({ list }) => `<a href="#${list}">${LIST_NAMES[list]}</a>`).join("");
  return staticPage(`Readiness of ${plainText(agent)}`, `${PAGE_STYLE}${READINESS_STYLE}`, [
    `<nav aria-label="Checklists"><b>agentctl readiness</b>${links}</nav>`,
    bannerHtml(report),
    `<ul class="tally">${lists.map(tallyHtml).join("")}</ul>`,
    ...lists.map(listHtml),
  ]);
}

function text(content: string): string {
  return escapeHtml(plainText(content));
}

function bannerHtml({ agent, suite, runId, at, total }: ReadinessReport): string {
  const kind = total.gap > 0 ? "fail" : total.unknown > 0 ? "inconclusive" : "pass";
  const heading = `${total.met} of ${total.met + total.gap + total.unknown} met`;
  const run = runId === null ? "no complete run" : `run <code>${text(runId)}</code>`;
  return `<section class="banner ${kind}"><div><p class="eyebrow">${text(agent)}, suite ${text(suite)}</p><h1>${heading}</h1></div><div><p>${openText(total)}</p><small>${run}, scored ${text(at.slice(0, 10))}</small></div></section>`;
}

function openText({ gap, unknown }: ReadinessCounts): string {
  if (gap + unknown === 0) return "Nothing is open.";
  return `${gap} ${gap === 1 ? "gap" : "gaps"}, ${unknown} unknown. What is unknown may be either.`;
}

function tallyHtml({ list, items: _items, skipped: _skipped, ...counts }: ScoredList): string {
  const all = Math.max(1, counts.met + counts.gap + counts.unknown);
  const part = (state: keyof ReadinessCounts) =>
    `<i class="${state} w-${Math.round((20 * counts[state]) / all) * 5}"></i>`;
  return `<li><a href="#${list}">${LIST_NAMES[list]}</a><div class="share" aria-hidden="true">${part("met")}${part("gap")}${part("unknown")}</div><small>${countsText(counts)}</small></li>`;
}

function listHtml({ list, items, skipped, ...counts }: ScoredList): string {
  const left = skipped.map(
    ({ title, reason }) => `<p class="skipped">Does not apply: ${text(title)} (${text(reason)}).</p>`,
  );
  return `<section aria-labelledby="${list}"><h2 id="${list}">${LIST_NAMES[list]}<small>${countsText(counts)}</small></h2>${items.map(itemHtml).join("")}${left.join("")}</section>`;
}

function itemHtml({ id, state, title, why, evidence, fix }: ReadinessItem): string {
  return `<article class="item" id="${text(id)}"><span class="pill ${state}">${STATE_MARKS[state]} ${state}</span><div><h3>${text(title)}</h3><p>${text(why)}</p><ul>${evidence.map(evidenceHtml).join("")}</ul>${fix === null ? "" : fixHtml(fix)}</div></article>`;
}

function evidenceHtml({ text: said, place }: Evidence): string {
  return `<li>${text(said)}${place === null ? "" : ` <code>${text(place)}</code>`}</li>`;
}

function fixHtml(fix: Fix): string {
  const lead = `<b>${text(fixLead(fix))}</b>`;
  return fix.kind === "change"
    ? `<div class="fix">${lead} <span>${text(fix.text)}</span></div>`
    : `<div class="fix">${lead}<pre tabindex="0">${text(fix.text)}</pre></div>`;
}
