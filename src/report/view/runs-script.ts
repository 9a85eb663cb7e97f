/**
 * Keeps the list of runs up to date, asks for the verdicts that are not known yet, one after the other, and says what is
 * selected. Rows come as HTML from the server, where every text was escaped.
 */
export const RUNS_SCRIPT = `"use strict";(() => {
const POLL_MS = 2000;
const body = document.getElementById("rows");
const form = document.getElementById("compare");
const trouble = document.getElementById("trouble");
const picked = document.getElementById("picked");
const failed = new Set();

function rowFrom(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

function put(row, before) {
  const old = [...body.children].find((one) => one.dataset.run === row.dataset.run);
  const was = old && old.querySelector("input");
  const focused = old && old.contains(document.activeElement) ? document.activeElement.tagName : null;
  if (was) row.querySelector("input").checked = was.checked;
  if (old) old.replaceWith(row); else body.insertBefore(row, before);
  if (focused) row.querySelector(focused.toLowerCase()).focus({ preventScroll: true });
}

function show(update) {
  const wanted = new Set(update.rows.map(({ id }) => id));
  for (const row of [...body.children]) if (!wanted.has(row.dataset.run)) row.remove();
  update.rows.forEach(({ id, state, isPending, html }, index) => {
    const there = body.children[index];
    const old = [...body.children].find((one) => one.dataset.run === id);
    if (!old || old.dataset.state !== state) put(rowFrom(html), there || null);
    else if (isPending) old.dataset.pending = "";
  });
  text(document.getElementById("count"), update.count);
  const pager = document.getElementById("pager");
  if (!pager.contains(document.activeElement)) pager.innerHTML = update.pager;
  document.getElementById("none").hidden = update.rows.length > 0;
  count();
}

function text(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

async function ask(path) {
  const response = await fetch(path, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

async function settle() {
  for (;;) {
    const row = [...body.children].find((one) => one.dataset.pending === "" && !failed.has(one.dataset.run));
    if (!row || document.hidden) return;
    const id = row.dataset.run;
    try {
      const found = await ask("/runs/" + encodeURIComponent(id) + "?part=row");
      const fresh = rowFrom(found.html);
      if (fresh.dataset.pending === "") failed.add(id);
      if (row.isConnected) put(fresh, null);
    } catch { failed.add(id); }
  }
}

async function poll() {
  if (!document.hidden) {
    try {
      const query = new URLSearchParams(location.search);
      query.set("part", "rows");
      show(await ask("/?" + query));
      text(trouble, "");
      await settle();
    } catch (error) {
      text(trouble, /^4/.test(error.message) ? "This page is out of date: open the link that agentctl view printed." : "The server does not answer. Is agentctl view still running?");
    }
  }
  setTimeout(poll, POLL_MS);
}

function count() {
  const chosen = [...form.querySelectorAll("input:checked")].length;
  form.querySelector("button").disabled = chosen < 2;
  text(picked, chosen === 0 ? "Select two runs; the older one is the baseline." : chosen === 1 ? "Select one more." : chosen + " runs selected; the oldest one is the baseline.");
}

form.addEventListener("change", count);
for (const select of document.querySelectorAll("#asks select")) select.addEventListener("change", () => document.getElementById("asks").requestSubmit());
count();
poll();
})();`;
