/** What a case was in the baseline and is now: `changeView(change)`, with the words that came and went marked. */
export const CHANGE_VIEW_SCRIPT = String.raw`
const MOST_WORDS = 800;

function changeView(change) {
  const { before, after } = change;
  const [left, right] = markedAnswers(before && before.came, after && after.came);
  return make("section", "change", null,
    make("h3", "", "Against the baseline: " + change.word),
    make("div", "sides", null, sideView("Baseline", before, left, true), sideView("This run", after, right, false)));
}

// Why it fails now stands with its trial; only the baseline needs its reasons here.
function sideView(title, side, answer, hasReasons) {
  if (side === null) return make("div", "", null, make("h4", "", title), make("p", "hint", "its texts are not in this page"));
  const parts = [make("h4", "", title + ": " + side.score)];
  if (hasReasons && side.failures.length > 0) parts.push(make("ul", "why failed", null, ...side.failures.map((one) => make("li", "", one))));
  parts.push(side.came === null ? make("p", "hint", "no answer") : make("p", "answer", null, ...answer));
  if (side.tools.length > 0) parts.push(make("p", "hint", "tools: " + side.tools.join(", ")));
  parts.push(make("p", "hint", side.facts), make("pre", "", side.command));
  return make("div", "", null, ...parts);
}

function markedAnswers(before, after) {
  if (before === null || after === null) return [[before || ""], [after || ""]];
  const [a, b] = [before.split(/(?<=\s)(?=\S)/), after.split(/(?<=\s)(?=\S)/)];
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) return [[before], [after]];
  const common = commonPairs(a, b);
  const mark = (words, kept, name) => {
    const nodes = [];
    let run = [];
    const flush = () => {
      if (run.join("").trim() !== "") nodes.push(make(name, "", run.join("")));
      else nodes.push(run.join(""));
      run = [];
    };
    words.forEach((word, index) => {
      if (!kept.has(index)) { run.push(word); return; }
      if (run.length > 0) flush();
      nodes.push(word);
    });
    if (run.length > 0) flush();
    return nodes;
  };
  return [mark(a, common[0], "del"), mark(b, common[1], "ins")];
}

/** Places of a longest common subsequence in both lists. */
function commonPairs(a, b) {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = a[i] === b[j]
        ? lengths[(i + 1) * width + j + 1] + 1
        : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const found = [new Set(), new Set()];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) { found[0].add(i); found[1].add(j); i += 1; j += 1; }
    else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) i += 1;
    else j += 1;
  }
  return found;
}
`;
