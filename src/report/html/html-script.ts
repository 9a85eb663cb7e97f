/**
 * The page's script. It is text, not a function that is printed: bundlers rename and instrument functions. It
 * builds every element with textContent, so no text of a case or an agent is ever read as markup.
 */
export const PAGE_SCRIPT = String.raw`"use strict";
(() => {
const PAGE = 100;
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const cases = read("cases");
const words = read("words");
const list = document.getElementById("list");
const count = document.getElementById("count");
const more = document.getElementById("more");
const state = { outcome: "all", tag: "", text: "" };
let matches = [];
let shown = 0;

function make(name, className, text, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== null && text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
}

function button(text, isPressed, onClick) {
  const element = make("button", "", text);
  element.type = "button";
  element.setAttribute("aria-pressed", String(isPressed));
  element.addEventListener("click", onClick);
  return element;
}

function haystack(one) {
  if (one.haystack === undefined) {
    const parts = [one.id, one.asked, ...one.tags, ...one.expected];
    for (const trial of one.trials) parts.push(trial.came || "", ...trial.why);
    one.haystack = parts.join("\n").toLowerCase();
  }
  return one.haystack;
}

function apply() {
  const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
  matches = cases.filter((one) =>
    (state.outcome === "all" || one.outcome === state.outcome) &&
    (state.tag === "" || one.tags.includes(state.tag)) &&
    words.every((word) => haystack(one).includes(word)));
  shown = 0;
  list.replaceChildren();
  count.textContent = matches.length === cases.length
    ? cases.length + " cases, failing ones first"
    : matches.length + " of " + cases.length + " cases";
  showMore();
}

// The estimates stand below the list: at first it holds the cases to look at, and grows only when it is asked to.
function firstCount() {
  const bad = cases.filter((one) => one.outcome !== "passed" && one.outcome !== "unscored").length;
  return Math.min(PAGE, Math.max(10, bad));
}

function showMore() {
  const isWhole = matches.length === cases.length;
  const next = matches.slice(shown, shown + (shown === 0 && isWhole ? firstCount() : PAGE));
  shown += next.length;
  list.append(...next.map(row));
  more.hidden = shown >= matches.length;
  const left = matches.length - shown;
  more.textContent = left <= PAGE ? "Show the other " + left : "Show " + PAGE + " more (" + left + " left)";
}

function row(one) {
  const element = make("details", "case");
  element.dataset.id = one.id;
  const passed = one.trials.filter((trial) => trial.outcome === "passed").length;
  const side = make("span", "side");
  if (one.trials.length > 1) side.append(passed + " of " + one.trials.length + " passed");
  else if (one.trials.length === 1) side.append(one.trials[0].time);
  for (const tag of one.tags.slice(0, 3)) side.append(make("span", "tag", tag));
  const text = make("span", "", null, make("div", "id", one.id), make("div", "asked", one.asked));
  const head = make("summary", "", null,
    make("span", "pill " + one.outcome.replace(" ", "-"), one.outcome), text, side);
  element.append(head);
  element.addEventListener("toggle", () => {
    if (!element.open) return;
    history.replaceState(null, "", "#case=" + encodeURIComponent(one.id));
    if (element.children.length === 1) element.append(body(one));
  });
  return element;
}

function body(one) {
  const element = make("div", "body");
  const place = make("div", "");
  const bad = one.trials.findIndex((trial) => trial.outcome === one.outcome);
  const show = (index) => {
    place.replaceChildren(...(one.trials[index] ? trialView(one, one.trials[index]) : notRun(one)));
    for (const [other, tab] of [...tabs.children].entries()) tab.setAttribute("aria-pressed", String(other === index));
  };
  const tabs = make("div", "tabs");
  if (one.trials.length > 1) {
    one.trials.forEach((trial, index) => {
      tabs.append(button("Trial " + trial.n + ": " + trial.outcome, false, () => show(index)));
    });
    element.append(tabs);
  }
  element.append(place);
  show(Math.max(0, bad));
  return element;
}

function notRun(one) {
  return [block("Asked", make("p", "", one.asked)), make("p", "hint", "This case was planned and not run.")];
}

function block(title, ...children) {
  return make("section", "", null, make("h3", "", title), ...children);
}

function trialView(one, trial) {
  const parts = [];
  if (trial.why.length > 0) {
    parts.push(make("ul", "why " + trial.outcome, null, ...trial.why.map((reason) => make("li", "", reason))));
  }
  const expected = one.expected.length === 0
    ? make("p", "hint", "nothing stated")
    : make("ul", "", null, ...one.expected.map((line) => make("li", "", line)));
  const came = trial.came === null ? make("p", "hint", "no answer") : make("p", "", trial.came);
  parts.push(make("div", "three", null, block("Asked", make("p", "", one.asked)), block("Expected", expected), block("Came", came)));
  const facts = ["stopped: " + trial.stop, trial.time, "cost " + trial.cost, ...one.facts, ...one.tags];
  parts.push(make("p", "hint facts", facts.join(" · ")));
  if (trial.trace === null) {
    const why = trial.outcome === "passed" || trial.outcome === "unscored"
      ? "Traces of trials that did not fail are not in this page; the command below shows it."
      : "The trace of this trial is not in this page; the command below shows it.";
    parts.push(make("p", "hint", why));
  } else {
    parts.push(...traceView(read(trial.trace)));
  }
  if (trial.scores.length > 0) parts.push(block("Scores", ...scoreViews(trial.scores)));
  parts.push(commandLine(trial.command));
  return parts;
}

function scoreViews(scores) {
  const body = make("tbody", "");
  const missing = new Map();
  for (const [name, value, note] of scores) {
    if (value === null) {
      missing.set(note, [...(missing.get(note) || []), words[name]]);
      continue;
    }
    body.append(make("tr", "", null,
      make("td", "", null, make("code", "", words[name])),
      make("td", "num", value),
      make("td", "", null, make("small", "", words[note]))));
  }
  const table = body.children.length > 0 ? [make("table", "scores", null, body)] : [];
  const none = [...missing].map(([note, names]) => make("li", "", null,
    ...names.flatMap((name, index) => [index > 0 ? ", " : "", make("code", "", name)]), ": " + words[note]));
  return none.length === 0 ? table : [...table, make("div", "none", "No value", make("ul", "", null, ...none))];
}

function commandLine(command) {
  const copy = make("button", "copy", "Copy");
  copy.type = "button";
  copy.addEventListener("click", () => {
    const range = document.createRange();
    range.selectNodeContents(text);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    copy.textContent = document.execCommand("copy") ? "Copied" : "Press Ctrl-C";
  });
  const text = make("pre", "", command);
  return make("div", "command", null, text, copy);
}

function traceView(trace) {
  const parts = [];
  if (trace.spans.length > 0) parts.push(block("Waterfall", waterfall(trace.spans), legend(trace.spans),
    ...(trace.cached === null ? [] : [make("p", "hint", trace.cached + ".")])));
  if (trace.notes.length > 0) {
    parts.push(block("Guardrails and errors", ...trace.notes.map((note) => make("div", "note", note))));
  }
  if (trace.transcript.length > 0) {
    parts.push(block("Conversation", ...trace.transcript.map((line) =>
      make("div", "say " + line.role, null, make("b", "", line.role), line.text))));
  }
  if (trace.tools.length > 0) parts.push(block("Tool calls", ...trace.tools.map(toolCall)));
  for (const one of trace.retrievals) {
    parts.push(block("Retrieved", make("p", "hint", "Query: " + one.query + " (top " + one.topK + ")"),
      ...one.chunks.map((chunk, index) => make("div", "chunk", null,
        make("code", "", (index + 1) + ". " + chunk.id), " score " + chunk.score, make("small", "", chunk.text)))));
  }
  return parts;
}

function toolCall(call) {
  const element = make("details", "tool");
  element.open = call.isError;
  const facts = [call.sideEffect ? "side effect" : "", call.result === null ? "never ended" : ""].filter(Boolean);
  const head = make("summary", "", null, make("code", "", call.name), " " + facts.join(", ") + " ");
  if (call.isError || call.result === null) head.append(make("span", "pill fail", "error"));
  element.append(head, make("pre", "", call.args));
  if (call.result !== null) element.append(make("pre", "", call.result));
  return element;
}

function duration(ms, isUntimed) {
  if (ms === null) return isUntimed ? "not timed" : "never ended";
  return ms < 1000 ? Number(ms.toPrecision(3)) + " ms" : (ms / 1000).toFixed(2) + " s";
}

function waterfall(spans) {
  const total = Math.max(1, ...spans.map((span) => span.startMs + (span.durationMs || 0)));
  const grid = make("div", "fall");
  for (const span of spans) {
    const bar = make("div", "span " + span.kind + (span.isError ? " bad" : ""));
    bar.style.left = Math.min(99, span.startMs / total * 100) + "%";
    bar.style.width = (span.durationMs || 0) / total * 100 + "%";
    const label = make("span", "label", span.kind + " " + span.label);
    label.title = label.textContent;
    grid.append(label, make("div", "track", null, bar),
      make("span", "fact", null, duration(span.durationMs, span.isUntimed), make("span", "extra", span.facts.length ? " · " + span.facts.join(" · ") : "")));
  }
  return grid;
}

function legend(spans) {
  const names = { model: "model call", user: "simulated user", tool: "tool call", retrieval: "retrieval" };
  const kinds = Object.keys(names).filter((kind) => spans.some((span) => span.kind === kind && !span.isError));
  const entries = kinds.map((kind) => make("span", "", null, make("i", kind), names[kind]));
  if (spans.some((span) => span.isError)) entries.push(make("span", "", null, make("i", "bad"), "failed or never ended"));
  return make("div", "legend", null, ...entries);
}

function countBy(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
  return counts;
}

function buildFilters() {
  const group = document.getElementById("outcomes");
  const counts = countBy(cases.map((one) => one.outcome));
  const names = ["all", "failed", "error", "not run", "unscored", "passed"];
  for (const name of names.filter((one) => one === "all" || counts.has(one))) {
    const label = name[0].toUpperCase() + name.slice(1) + " " + (name === "all" ? cases.length : counts.get(name));
    const element = button(label, name === state.outcome, () => {
      state.outcome = name;
      for (const other of group.children) other.setAttribute("aria-pressed", String(other === element));
      apply();
    });
    element.dataset.outcome = name;
    group.append(element);
  }
  const tags = [...countBy(cases.flatMap((one) => [...new Set(one.tags)])).entries()].sort((a, b) => b[1] - a[1]);
  const select = document.getElementById("tag");
  select.hidden = tags.length === 0;
  for (const [tag, number] of tags) {
    const option = make("option", "", tag.slice(0, 60) + " (" + number + ")");
    option.value = tag;
    select.append(option);
  }
  select.addEventListener("change", () => { state.tag = select.value; apply(); });
  const search = document.getElementById("search");
  search.addEventListener("input", () => { state.text = search.value; apply(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    event.preventDefault();
    search.focus();
  });
}

function openLinked() {
  const found = /^#case=(.+)$/.exec(location.hash);
  if (!found) return;
  let id;
  try { id = decodeURIComponent(found[1]); } catch { return; }
  const index = matches.findIndex((one) => one.id === id);
  if (index < 0) return;
  while (shown <= index) showMore();
  const element = list.children[index];
  element.open = true;
  element.scrollIntoView();
}

buildFilters();
apply();
openLinked();
addEventListener("hashchange", openLinked);
more.addEventListener("click", showMore);
})();
`;
