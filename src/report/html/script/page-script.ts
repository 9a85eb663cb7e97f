/** Joins list, filters and drill-down: the dialogs, the keys, links to cases, and what is printed. */
export const PAGE_SCRIPT = `
const KEYS = [["j", "next case"], ["k", "case before"], ["Enter", "open the case"], ["Esc", "close it, or leave the search"],
  ["/", "search"], ["Home, End, PageUp, PageDown", "move through the list"], ["?", "this help"]];
const MOST_PRINTED = 200;

async function start() {
  if (!("DecompressionStream" in window)) {
    document.getElementById("count").textContent = "The list of cases needs a browser of 2023 or later; the rest of the page does not.";
    return;
  }
  const { cases, words, metrics, labels, servedAt } = await unpack("cases");
  const blocks = new Map();
  const loadTrace = async ([blockNumber, place]) => {
    if (!blocks.has(blockNumber)) blocks.set(blockNumber, unpack("traces-" + blockNumber));
    return (await blocks.get(blockNumber))[place];
  };
  const page = { words, metrics, labels, loadTrace, served: servedAt === null ? null : served(servedAt) };
  const dialog = document.getElementById("case");
  const help = document.getElementById("help");
  const search = document.getElementById("search");
  const list = caseList(cases, labels, open);
  const filter = filters(cases, labels, (found) => list.show(found));

  function open(index) {
    const one = list.matches()[index];
    if (one === undefined) return;
    list.focus(index);
    show(one, (index + 1) + " of " + list.matches().length, index > 0, index + 1 < list.matches().length);
  }

  function show(one, place, hasBefore, hasNext) {
    const title = make("h2", "", one.id);
    title.id = "case-title";
    title.tabIndex = -1;
    const step = (text, label, by, isThere) => {
      const element = button(text, () => open(list.active() + by), { "aria-label": label });
      element.disabled = !isThere;
      return element;
    };
    dialog.replaceChildren(
      make("div", "case-head", null,
        make("span", "pill " + one.outcome.replace(" ", "-"), one.outcome), title, make("span", "place", place),
        make("span", "steps", null,
          step("←", "Case before (k)", -1, hasBefore), step("→", "Next case (j)", 1, hasNext),
          button("✕", () => dialog.close(), { "aria-label": "Close (Esc)" }))),
      make("div", "case-body", null, ...caseView(one, page)));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    title.focus();
    history.replaceState(null, "", "#case=" + encodeURIComponent(one.id));
  }

  function openHelp() {
    const title = make("h2", "", "Keys");
    title.id = "help-title";
    const rows = KEYS.map(([key, what]) => make("div", "", null, make("dt", "", null, make("kbd", "", key)), make("dd", "", what)));
    help.replaceChildren(title, make("dl", "key-list", null, ...rows), button("Close", () => help.close()));
    if (!help.open) help.showModal();
  }

  function openLinked() {
    const found = /^#case=(.+)$/.exec(location.hash);
    if (!found) return;
    let id;
    try { id = decodeURIComponent(found[1]); } catch { return; }
    if (!list.matches().some((one) => one.id === id)) filter.clear();
    const index = list.matches().findIndex((one) => one.id === id);
    if (index >= 0) open(index);
    else filter.say("Case " + id + " is not in this page: agentctl trace shows it.");
  }

  dialog.addEventListener("close", () => {
    history.replaceState(null, "", location.pathname + location.search);
    list.focus(list.active());
  });
  for (const one of [dialog, help]) one.addEventListener("click", (event) => { if (event.target === one) one.close(); });
  document.getElementById("keys").addEventListener("click", openHelp);
  for (const one of document.querySelectorAll("[data-kind]")) {
    one.addEventListener("click", () => { filter.only(one.dataset.kind); document.getElementById("case-list").scrollIntoView(); list.focus(0); });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "Escape" && event.target === search) { filter.clear(); list.focus(0); return; }
    if (event.key === "Enter" && event.target === search && list.matches().length > 0) { event.preventDefault(); list.focus(0); return; }
    if (isTyping || help.open) return;
    const step = { j: 1, k: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (!dialog.open) list.move(document.activeElement && document.activeElement.closest("#list") ? step : 0);
      else if (list.matches()[list.active() + step]) open(list.active() + step);
    }
    if (event.key === "?") { event.preventDefault(); openHelp(); }
    if (event.key === "/" && !dialog.open) { event.preventDefault(); search.focus(); }
  });

  const printed = document.getElementById("print-cases");
  const opened = [];
  function unfold() {
    if (printed.children.length > 0) return;
    for (const one of document.querySelectorAll("#gates details:not([open])")) { one.open = true; opened.push(one); }
    const bad = cases.filter((one) => one.outcome !== "passed" && one.outcome !== "unscored");
    const more = bad.length > MOST_PRINTED ? [make("p", "hint", (bad.length - MOST_PRINTED) + " more cases that did not pass are not printed.")] : [];
    printed.append(...bad.slice(0, MOST_PRINTED).map(printedCase), ...more);
  }
  function fold() {
    printed.replaceChildren();
    for (const one of opened.splice(0)) one.open = false;
  }
  function printedCase(one) {
    const trial = one.trials.find((other) => other.outcome === one.outcome);
    const lines = [make("h3", "plain", one.id + ": " + one.outcome + (one.kinds.length === 0 ? "" : ", " + one.kinds.map((kind) => labels[kind]).join(", "))),
      make("p", "", "Asked: " + one.asked)];
    if (trial) lines.push(make("ul", "", null, ...trial.why.map((why) => make("li", "", why))), make("p", "", "Came: " + (trial.came === null ? "no answer" : trial.came)));
    return make("article", "", null, ...lines);
  }
  addEventListener("beforeprint", unfold);
  addEventListener("afterprint", fold);
  matchMedia("print").addEventListener("change", (event) => event.matches ? unfold() : fold());

  filter.apply();
  openLinked();
  addEventListener("hashchange", openLinked);
  document.documentElement.dataset.ready = "true";
}
start();
`;
