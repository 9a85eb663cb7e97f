import type { CalibrationReport } from "../../judge/calibration/calibration-report.js";
import type { Disagreement } from "../../judge/calibration/disagreements.js";
import { labelText } from "../agreement-words.js";
import { escapeHtml } from "../escape-html.js";
import { plainText } from "../plain-text.js";
import { calibrationFacts } from "./calibration-facts.js";
import { nameText } from "./calibration-words.js";

const SHADES = 10;

/** Every figure in words, one a row. */
export function factTable(report: CalibrationReport): string {
  const rows = calibrationFacts(report).map(
    ([name, text]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(text)}</td></tr>`,
  );
  return `<table class="facts"><tbody>${rows.join("")}</tbody></table>`;
}

/** The confusion table as a heat map: the darker, the larger the share of the row. */
export function confusionTable({ agreement, marginals }: CalibrationReport): string {
  const names = marginals.map(({ category }) => escapeHtml(labelText(category)));
  const head = names.map((name) => `<th scope="col" class="num">${name}</th>`).join("");
  const rows = agreement.confusion.map((counts, row) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const cells = counts.map((count, column) => {
      const shade = count === 0 ? 0 : Math.max(1, Math.round((count / total) * SHADES));
      return `<td class="${row === column ? "same" : "other"}${shade === 0 ? "" : ` heat-${shade}`}">${count}</td>`;
    });
    return `<tr><th scope="row">${names[row] ?? ""}</th>${cells.join("")}<td class="total">${total}</td></tr>`;
  });
  const sums = marginals.map(({ judge }) => `<td class="total">${judge}</td>`).join("");
  return `<div class="wide"><table class="heat"><thead><tr><th scope="col"><span class="heat-name">people ↓ judge →</span></th>${head}<th scope="col" class="num"><span class="heat-name">people</span></th></tr></thead><tbody>${rows.join("")}<tr><th scope="row"><span class="heat-name">judge</span></th>${sums}<td class="total">${agreement.n}</td></tr></tbody></table></div>`;
}

/** The worst disagreements, people beside the judge. */
export function disagreementsHtml({ disagreements }: CalibrationReport): string {
  return disagreements.map(sideBySide).join("\n");
}

function sideBySide(one: Disagreement): string {
  const text = (content: string) => escapeHtml(plainText(content));
  const answers = [
    one.answer === null ? null : [one.otherAnswer === null ? "Answer" : "First answer", one.answer],
    one.otherAnswer === null ? null : ["Second answer", one.otherAnswer],
  ].flatMap((found) =>
    found === null
      ? []
      : [`<div><h4>${found[0]}</h4><p class="text" tabindex="0">${text(found[1] ?? "")}</p></div>`],
  );
  const said = one.people.map(({ author, value, comment }) => {
    const what = value === null ? "" : ` says ${text(labelText(value))}`;
    return `<p><b>${text(nameText(author))}</b>${what}${comment === null ? "" : `: ${text(comment)}`}</p>`;
  });
  const hidden = one.isHidden ? '<p class="hint">Holdout case: its text is not shown.</p>' : "";
  const asked = one.question === null ? "" : `<p class="asked">${text(one.question)}</p>`;
  return `<article class="differ"><h3>${text(one.item)}</h3>${hidden}${asked}${answers.length === 0 ? "" : `<div class="sides">${answers.join("")}</div>`}<div class="sides"><div><h4>People: ${text(labelText(one.truth))}</h4>${said.join("")}</div><div><h4>Judge: ${text(labelText(one.judged))}</h4><p>${one.reasoning === "" ? '<span class="hint">no reasoning</span>' : text(one.reasoning)}</p></div></div></article>`;
}
