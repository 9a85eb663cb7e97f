/**
 * The list of cases as a grid of which only the rows in view exist. `caseList(cases, labels, onOpen)` gives what the
 * rest of the script asks of it.
 */
export const CASE_LIST_SCRIPT = `
const SPARE_ROWS = 6;

function caseList(cases, labels, onOpen) {
  const grid = document.getElementById("list");
  const body = make("div", "rows");
  body.setAttribute("role", "rowgroup");
  grid.setAttribute("role", "grid");
  grid.setAttribute("aria-label", "Cases: j and k move, Enter opens");
  grid.setAttribute("aria-colcount", "4");
  grid.append(headRow(), body);
  const nodes = new Map();
  let matches = cases;
  let active = 0;
  let height = 56;

  function headRow() {
    const row = make("div", "row head", null, ...["outcome", "case", "why", "trials"].map((name) => cell(name, "columnheader", name)));
    row.setAttribute("role", "row");
    row.setAttribute("aria-rowindex", "1");
    return row;
  }

  function cell(className, role, text, ...children) {
    const element = make("span", className, text, ...children);
    element.setAttribute("role", role);
    return element;
  }

  function rowOf(index) {
    const one = matches[index];
    const passed = one.trials.filter((trial) => trial.outcome === "passed").length;
    const trials = one.trials.length > 1 ? passed + " of " + one.trials.length + " passed" : one.trials.length === 1 ? one.trials[0].time : "";
    const tags = one.tags.slice(0, 3).map((tag) => make("span", "tag", tag));
    const changed = one.change === null ? [] : [make("span", "pill " + (one.change.word === "lost" ? "worse" : "better"), one.change.word)];
    const row = make("div", "row", null,
      cell("outcome", "gridcell", null, make("span", "pill " + one.outcome.replace(" ", "-"), one.outcome)),
      cell("case", "gridcell", null, make("span", "id", one.id), " ", ...changed, ...tags, make("span", "asked", one.asked.slice(0, 300))),
      cell("why", "gridcell", one.kinds.map((kind) => labels[kind]).join(", ")),
      cell("trials", "gridcell", trials));
    row.setAttribute("role", "row");
    row.setAttribute("aria-rowindex", String(index + 2));
    row.dataset.id = one.id;
    row.style.top = index * height + "px";
    row.tabIndex = index === active ? 0 : -1;
    row.addEventListener("click", () => { setActive(index, false); onOpen(index); });
    row.addEventListener("focus", () => setActive(index, false));
    return row;
  }

  function render() {
    const from = Math.max(0, Math.floor(grid.scrollTop / height) - SPARE_ROWS);
    const to = Math.min(matches.length, Math.ceil((grid.scrollTop + grid.clientHeight) / height) + SPARE_ROWS);
    for (const [index, node] of nodes) {
      if ((index >= from && index < to) || index === active) continue;
      node.remove();
      nodes.delete(index);
    }
    const add = (index) => {
      if (nodes.has(index) || index >= matches.length) return;
      const node = rowOf(index);
      nodes.set(index, node);
      const next = [...nodes.keys()].filter((other) => other > index).sort((a, b) => a - b)[0];
      body.insertBefore(node, next === undefined ? null : nodes.get(next));
    };
    for (let index = from; index < to; index += 1) add(index);
    add(active);
  }

  function measure() {
    height = parseFloat(getComputedStyle(grid).getPropertyValue("--row")) || 56;
    body.style.height = matches.length * height + "px";
  }

  function rebuild() {
    nodes.clear();
    body.replaceChildren();
    measure();
    grid.setAttribute("aria-rowcount", String(matches.length + 1));
    grid.hidden = matches.length === 0;
    render();
  }

  function setActive(index, isFocused) {
    const before = nodes.get(active);
    if (before) before.tabIndex = -1;
    active = Math.max(0, Math.min(matches.length - 1, index));
    const top = active * height;
    const head = grid.firstChild.offsetHeight;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + height + head > grid.scrollTop + grid.clientHeight) grid.scrollTop = top + height + head - grid.clientHeight;
    render();
    const node = nodes.get(active);
    if (!node) return;
    node.tabIndex = 0;
    if (isFocused) node.focus({ preventScroll: true });
  }

  let isPlanned = false;
  grid.addEventListener("scroll", () => {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => { isPlanned = false; render(); });
  }, { passive: true });
  addEventListener("resize", rebuild);
  grid.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(grid.clientHeight / height) - 1);
    const step = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: matches.length - 1 }[event.key];
    if (step !== undefined) { event.preventDefault(); setActive(step, true); }
    if (event.key === "Enter") { event.preventDefault(); onOpen(active); }
  });

  return {
    show(found) { matches = found; active = 0; grid.scrollTop = 0; rebuild(); },
    move(step) { setActive(active + step, true); },
    focus(index) { setActive(index, true); },
    matches: () => matches,
    active: () => active,
  };
}
`;
