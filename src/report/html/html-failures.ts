import { escapeHtml } from "../escape-html.js";
import { FAILURE_KINDS } from "../failures/failure-kinds.js";
import type { FailureTally } from "./failure-tally.js";

/** Failures by kind, most first; each is a button that lists its cases, and names a few for readers on paper. */
export function failuresHtml(tallies: readonly FailureTally[]): string {
  if (tallies.length === 0) return "";
  const all = tallies.reduce((sum, { trials }) => sum + trials, 0);
  const most = Math.max(...tallies.map(({ trials }) => trials));
  const rows = tallies.map(({ kind, trials, cases, examples }) => {
    const facts = FAILURE_KINDS.find((one) => one.kind === kind);
    const names = examples.map(
      ({ caseId, because }) =>
        `<li><a href="#case=${escapeHtml(encodeURIComponent(caseId))}">${escapeHtml(caseId)}</a>${because === null ? "" : ` ${escapeHtml(because)}`}</li>`,
    );
    const more = cases > examples.length ? `<li class="soft">and ${cases - examples.length} more</li>` : "";
    const share = `${((trials / all) * 100).toFixed(0)} %`;
    return `<tr><th scope="row" class="name"><button type="button" class="link" data-kind="${kind}">${facts?.label}</button><small>${facts?.meaning}</small></th><td class="num" data-label="trials">${trials}<small>${share}</small></td><td class="num" data-label="cases">${cases}</td><td class="share"><svg class="share-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="${kind}" width="${Math.max(1, (trials / most) * 100).toFixed(1)}" height="8"/></svg></td><td class="examples"><ul>${names.join("")}${more}</ul></td></tr>`;
  });
  return `<section id="failures" aria-labelledby="failures-title"><h2 id="failures-title">Failures by kind</h2><p class="hint">${all} ${all === 1 ? "trial" : "trials"} that failed or could not be executed, each counted once: the earliest cause on the way to the answer decides. A kind opens its cases.</p><table class="cards"><caption class="unseen">Failures by kind</caption><thead><tr><th scope="col">kind</th><th scope="col" class="num">trials</th><th scope="col" class="num">cases</th><td></td><th scope="col">for example</th></tr></thead><tbody>${rows.join("")}</tbody></table></section>`;
}
