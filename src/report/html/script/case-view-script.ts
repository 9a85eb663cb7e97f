/**
 * The drill-down of one case: `caseView(one, page)` gives its elements. `one` is a `PageCase`; `page` has the words and
 * metrics of the scores, `labels` of kinds, `loadTrace(place)`, which promises a `PageTrace` of the page, and `served`, where
 * a server has the others (`served(path of the run)`) or `null`.
 */
export const CASE_VIEW_SCRIPT = `
function caseView(one, page) {
  const place = make("div", "");
  const parts = [];
  if (one.trials.length === 0) {
    return [asked(one), make("p", "hint", "This case was planned and not run.")];
  }
  const tabs = make("div", "tabs");
  tabs.setAttribute("role", "group");
  tabs.setAttribute("aria-label", "Trials");
  const show = (index) => {
    place.replaceChildren(...trialView(one, one.trials[index], page));
    for (const [other, tab] of [...tabs.children].entries()) tab.setAttribute("aria-pressed", String(other === index));
  };
  if (one.trials.length > 1) {
    one.trials.forEach((trial, index) => tabs.append(button("Trial " + trial.n + ": " + trial.outcome, () => show(index))));
    parts.push(tabs);
  }
  if (one.change !== null) parts.push(changeView(one.change));
  parts.push(place);
  show(Math.max(0, one.trials.findIndex((trial) => trial.outcome === one.outcome)));
  return parts;
}

function asked(one) {
  return block("Asked", make("p", "", one.asked));
}

function trialView(one, trial, page) {
  const parts = [];
  if (trial.kind !== null) {
    const label = page.labels[trial.kind] + (trial.because === null ? "" : ": " + trial.because);
    parts.push(make("p", "kind", null, make("b", "", label)));
  }
  if (trial.why.length > 0) {
    parts.push(make("ul", "why " + trial.outcome, null, ...trial.why.map((reason) => make("li", "", reason))));
  }
  const expected = one.expected.length === 0
    ? make("p", "hint", "nothing stated")
    : make("ul", "", null, ...one.expected.map((line) => make("li", "", line)));
  const came = trial.came === null ? make("p", "hint", "no answer") : make("p", "", trial.came);
  parts.push(make("div", "three", null, asked(one), block("Expected", expected), block("Came", came)));
  parts.push(make("p", "hint facts", ["stopped: " + trial.stop, "time " + trial.time, "cost " + trial.cost, ...one.facts, ...one.tags].join(" · ")));
  const trace = make("div", "trace");
  const isHoldout = one.facts.includes("holdout");
  const loading = trial.trace !== null ? page.loadTrace(trial.trace) : page.served === null || isHoldout ? null : page.served.trace(one.id, trial.n);
  if (loading === null) {
    const isBad = trial.outcome === "failed" || trial.outcome === "error";
    const why = isHoldout
      ? "The trace of a holdout case is never in a report."
      : isBad ? "The trace of this trial is not in this page; the command below shows it."
      : "Of trials that did not fail only a sample of traces is in this page; the command below shows this one.";
    trace.append(make("p", "hint", why));
  } else {
    trace.append(make("p", "hint", "Reading the trace …"));
    loading.then((found) => trace.replaceChildren(...traceView(found, trial.isTimed)),
      () => trace.replaceChildren(make("p", "hint", "The trace could not be read; the command below shows it.")));
  }
  parts.push(trace);
  const scores = scoreViews(trial.scores, page);
  if (scores.length > 0) parts.push(block("Scores", ...scores));
  if (page.served !== null) parts.push(page.served.links(one.id, trial.n));
  parts.push(commandLine(trial.command));
  return parts;
}

function served(path) {
  const trialAt = (id, n) => path + "/cases/" + encodeURIComponent(id) + "/trials/" + n;
  const link = (text, to) => { const element = make("a", "", text); element.href = to; return element; };
  return {
    async trace(id, n) {
      const response = await fetch(trialAt(id, n) + "?part=trace");
      if (!response.ok) throw new Error(String(response.status));
      return response.json();
    },
    links: (id, n) => make("p", "links", null, link("This trial with its events", trialAt(id, n)), " · ",
      link("This case in other runs", "/cases/" + encodeURIComponent(id))),
  };
}

function scoreViews(scores, { metrics, words }) {
  const body = make("tbody", "");
  const missing = new Map();
  scores.forEach((score, index) => {
    if (score === "") return;
    const [value, note] = typeof score === "number" ? [score, ""] : [score[0], words[score[1]]];
    if (value === null) {
      missing.set(note, [...(missing.get(note) || []), metrics[index]]);
      return;
    }
    const name = make("th", "", null, make("code", "", metrics[index]));
    name.scope = "row";
    body.append(make("tr", "", null, name, make("td", "num", String(value)), make("td", "", null, make("small", "", note))));
  });
  const caption = make("caption", "unseen", "Scores");
  const table = body.children.length > 0 ? [make("table", "scores", null, caption, body)] : [];
  const none = [...missing].map(([note, names]) => make("li", "", null,
    ...names.flatMap((name, index) => [index > 0 ? ", " : "", make("code", "", name)]), ": " + note));
  return none.length === 0 ? table : [...table, make("div", "none", "No value", make("ul", "", null, ...none))];
}

function commandLine(command) {
  const text = make("pre", "", command);
  const copy = button("Copy", () => {
    const range = document.createRange();
    range.selectNodeContents(text);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    copy.textContent = document.execCommand("copy") ? "Copied" : "Press Ctrl-C";
  }, { "aria-label": "Copy the command", class: "copy" });
  return make("div", "command", null, text, copy);
}

function traceView(trace, isTimed) {
  const parts = [];
  if (trace.spans.length > 0) {
    const hasTimes = isTimed && trace.spans.some((span) => span.durationMs > 0);
    parts.push(block("Waterfall", waterfall(trace.spans, hasTimes), legend(trace.spans),
      ...(hasTimes ? [] : [make("p", "hint", "Nobody measured times: the calls stand in their order.")])));
  }
  for (const note of trace.notes) parts.push(make("p", "hint", note));
  if (trace.troubles.length > 0) {
    parts.push(block("Guardrails and errors", ...trace.troubles.map((note) => make("div", "note", note))));
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

function duration(span) {
  const ms = span.durationMs;
  if (ms === null) return span.isUntimed ? "not timed" : "never ended";
  return ms < 1000 ? Number(ms.toPrecision(3)) + " ms" : (ms / 1000).toFixed(2) + " s";
}

function waterfall(spans, hasTimes) {
  const total = Math.max(1, ...spans.map((span) => (span.startMs || 0) + (span.durationMs || 0)));
  const list = make("ol", "fall" + (hasTimes ? "" : " untimed"));
  for (const span of spans) {
    const isGuard = span.kind === "guardrail";
    const label = make("span", "label", span.kind + " " + span.label);
    label.title = label.textContent;
    const row = make("li", "", null, label);
    if (hasTimes && !isGuard) {
      const bar = make("span", "span " + span.kind + (span.isError ? " bad" : ""));
      bar.style.left = Math.min(99, span.startMs / total * 100) + "%";
      bar.style.width = (span.durationMs || 0) / total * 100 + "%";
      row.append(make("span", "track", null, bar));
    } else {
      row.append(make("span", "dot " + span.kind + (span.isError ? " bad" : "")));
    }
    const facts = isGuard ? [] : span.facts;
    const time = isGuard ? "no time of its own" : hasTimes ? duration(span) : span.isError ? "failed or never ended" : "";
    row.append(make("span", "fact", null, time, make("span", "extra", (facts.length && time ? " · " : "") + facts.join(" · "))));
    list.append(row);
  }
  return list;
}

function legend(spans) {
  const names = { model: "model call", user: "simulated user", helper: "helper of the runtime", tool: "tool call", retrieval: "retrieval", guardrail: "guardrail" };
  const kinds = Object.keys(names).filter((kind) => spans.some((span) => span.kind === kind && !span.isError));
  const entries = kinds.map((kind) => make("span", "", null, make("i", kind), names[kind]));
  if (spans.some((span) => span.isError)) entries.push(make("span", "", null, make("i", "bad"), "failed, stopped or never ended"));
  return make("div", "legend", null, ...entries);
}
`;
