/** The filters above the list: outcome, kind of failure, tag, change, text. `filters(cases, labels, onChange)`. */
export const FILTER_SCRIPT = String.raw`
function countBy(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
  return counts;
}

function filters(cases, labels, onChange) {
  const state = { outcome: "all", kind: "", tag: "", change: "", text: "" };
  const haystacks = new Map();
  const count = document.getElementById("count");
  const search = document.getElementById("search");
  const group = document.getElementById("outcomes");

  function haystack(one) {
    let found = haystacks.get(one);
    if (found === undefined) {
      const parts = [one.id, one.asked, ...one.tags, ...one.expected];
      for (const trial of one.trials) parts.push(trial.came || "", ...trial.why, trial.because || "");
      found = parts.join("\n").toLowerCase();
      haystacks.set(one, found);
    }
    return found;
  }

  // In small pieces before anybody types, so that the first letter does not wait for all of them.
  function prepare(from) {
    for (let index = from; index < Math.min(cases.length, from + 500); index += 1) haystack(cases[index]);
    if (from + 500 < cases.length) setTimeout(prepare, 0, from + 500);
  }

  function apply() {
    const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = cases.filter((one) =>
      (state.outcome === "all" || one.outcome === state.outcome) &&
      (state.kind === "" || one.kinds.includes(state.kind)) &&
      (state.tag === "" || one.tags.includes(state.tag)) &&
      (state.change === "" || (one.change !== null && one.change.word === state.change)) &&
      words.every((word) => haystack(one).includes(word)));
    count.textContent = found.length === cases.length
      ? cases.length + (cases.length === 1 ? " case" : " cases, failing ones first")
      : found.length + " of " + cases.length + " cases";
    onChange(found);
  }

  function buttons() {
    const counts = countBy(cases.map((one) => one.outcome));
    const names = ["all", "failed", "error", "not run", "unscored", "passed"];
    for (const name of names.filter((one) => one === "all" || counts.has(one))) {
      const label = name[0].toUpperCase() + name.slice(1) + " " + (name === "all" ? cases.length : counts.get(name));
      group.append(button(label, () => { state.outcome = name; press(); apply(); }, { "data-outcome": name }));
    }
    press();
  }

  function press() {
    for (const one of group.children) one.setAttribute("aria-pressed", String(one.dataset.outcome === state.outcome));
  }

  function select(id, values, nameOf) {
    const element = document.getElementById(id);
    const counts = [...countBy(values)].sort((a, b) => b[1] - a[1]);
    element.hidden = counts.length === 0;
    for (const [value, number] of counts) {
      const option = make("option", "", nameOf(value).slice(0, 60) + " (" + number + ")");
      option.value = value;
      element.append(option);
    }
    element.addEventListener("change", () => { state[id] = element.value; apply(); });
    return element;
  }

  buttons();
  const kind = select("kind", cases.flatMap((one) => one.kinds), (value) => labels[value]);
  const tag = select("tag", cases.flatMap((one) => [...new Set(one.tags)]), (value) => value);
  const change = select("change", cases.flatMap((one) => one.change === null ? [] : [one.change.word]), (value) => value);
  search.addEventListener("input", () => { state.text = search.value; apply(); });
  setTimeout(prepare, 200, 0);

  return {
    apply,
    clear() {
      Object.assign(state, { outcome: "all", kind: "", tag: "", change: "", text: "" });
      for (const element of [kind, tag, change, search]) element.value = "";
      press();
      apply();
    },
    only(value) {
      Object.assign(state, { outcome: "all", kind: value, tag: "", change: "", text: "" });
      for (const element of [tag, change, search]) element.value = "";
      kind.value = value;
      press();
      apply();
    },
    say(text) { count.textContent = text; },
  };
}
`;
