import { REVIEW_PARTS_SCRIPT } from "./review-parts-script.js";

/**
 * The page's script. It is text, not a function that is printed: bundlers rename and instrument functions. It builds every
 * element with textContent, so no text of a trace is ever read as markup.
 */
export const REVIEW_SCRIPT = String.raw`"use strict";
(() => {
${REVIEW_PARTS_SCRIPT}
const ALIVE_MS = 10000;
const GONE_MS = 2000;
const KEYS_OFF = "agentctl-review-keys-off";
const get = (id) => document.getElementById(id);
const comment = get("comment");
const trouble = get("trouble");
const status = get("status");
const help = get("help");
let state = null;
let shownItem = null;
let isBusy = false;
let isGone = false;
let timer = 0;

// The link's token has done its work: it must not stay in the history or be copied with the address.
if (location.search) history.replaceState(null, "", location.pathname);

function say(text) { status.textContent = text; }
function complain(text) { if (trouble.textContent !== text) trouble.textContent = text; }

async function call(path, body) {
  let response;
  try {
    response = await fetch(path, body === undefined ? { cache: "no-store" } : {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    });
  } catch { return gone(); }
  let reply = null;
  try { reply = await response.json(); } catch { return gone(); }
  back();
  if (response.status === 401) {
    complain("The server was started again. Open the link that it printed; copy your comment first.");
    return { reply: null, status: 401 };
  }
  return { reply, status: response.status };
}

function gone() {
  isGone = true;
  complain("The server does not answer: nothing more is saved. Your comment stays here. Trying again…");
  watch(GONE_MS);
  return { reply: null, status: 0 };
}

function back() {
  if (!isGone) return complain("");
  isGone = false;
  complain("");
  say("The server answers again. What you were doing was not saved: do it again.");
}

function watch(delay) {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    if (!isBusy) {
      const { reply, status: code } = await call("/api/progress");
      if (code === 200 && reply.progress !== null) showProgress(reply.progress);
      if (isGone) return;
    }
    watch(ALIVE_MS);
  }, delay);
}

/** Sends what was done; a refusal changes nothing on the page, so a typed comment stays. */
async function act(path, body) {
  if (isBusy || state === null) return null;
  isBusy = true;
  try {
    const { reply, status: code } = await call(path, body);
    if (reply === null) return null;
    if (code === 200) { show(reply); return reply; }
    if (code === 409 && reply.state) { show(reply.state, true); }
    complain(reply.error || "The server refused this.");
    return null;
  } finally { isBusy = false; }
}

const draft = () => comment.value.trim();
const ownComment = () => (state.item.own && state.item.own.comment) || "";
function withComment(body) {
  const text = draft();
  return text === "" || text === ownComment() ? body : { ...body, comment: text };
}
const ofItem = () => ({ item: state.item.item });
function label(value) { return act("/api/label", withComment({ ...ofItem(), value })); }
function skip() { return act("/api/skip", withComment(ofItem())); }
function flag() {
  const body = withComment(ofItem());
  if (state.item.own && state.item.own.isFlagged && body.comment === undefined) return say("It is flagged already; u takes it back.");
  return act("/api/flag", body);
}
function undo() { return act("/api/undo", {}); }
function move(to) { return act("/api/move", { to }); }
function saveComment() {
  if (draft() === "") { say("Type a comment first."); comment.focus(); return; }
  return act("/api/comment", { ...ofItem(), comment: draft() });
}

function saveChosen() {
  const chosen = document.querySelector('input[name="label"]:checked');
  if (chosen !== null) return label(chosen.value);
  say("Choose a label first.");
  document.querySelector('input[name="label"]').focus();
}

const MODES = { label: "", adjudicate: " · disagreements", flagged: " · flagged" };
const BLINDNESS = {
  label: "You see no judge's verdict and no one else's label.",
  adjudicate: "You see the labels that people disagree about, and no judge's verdict.",
  flagged: "You see why items were flagged, and no judge's verdict.",
};

function show(next, keepsComment) {
  const isStart = state === null || state.annotator === null;
  state = next;
  get("rubric-name").textContent = "· " + next.rubric + MODES[next.mode];
  document.title = next.rubric + " · agentctl review";
  get("sign-in").hidden = next.annotator !== null;
  get("work").hidden = next.annotator === null || next.item === null;
  get("done").hidden = next.annotator === null || next.item !== null;
  get("sign-out").hidden = next.annotator === null;
  get("progress").hidden = next.progress === null;
  get("who").textContent = next.annotator || "";
  if (next.annotator === null) return showSignIn(next);
  showProgress(next.progress);
  if (next.note !== null) say(next.note);
  else if (isStart) say("Ready. Press ? for the keys.");
  if (next.warnings.length > 0) {
    get("warnings").hidden = false;
    get("warnings-list").replaceChildren(...next.warnings.map((text) => make("li", "", text)));
  }
  if (next.item === null) showDone(next);
  else showItem(next, keepsComment === true);
}

function showSignIn(next) {
  shownItem = null;
  say("");
  get("warnings").hidden = true;
  get("blindness").textContent = BLINDNESS[next.mode];
  if (get("name").value === "") get("name").value = next.suggestedName;
  get("name").focus();
  get("name").select();
}

function showProgress(progress) {
  const bar = get("bar");
  const { done, skipped } = progress;
  bar.max = Math.max(1, progress.total);
  bar.value = progress.total === 0 ? 1 : done + skipped;
  const text = done + " of " + progress.total + " done" + (skipped === 0 ? "" : ", " + skipped + " skipped");
  if (get("count").textContent !== text) get("count").textContent = text;
}

function showDone(next) {
  shownItem = null;
  const { done, skipped, flagged, total } = next.progress;
  const isLeft = done + skipped < total;
  get("done-title").textContent = isLeft ? "Nothing more right now" : "All done";
  get("done-text").textContent = total === 0
    ? "No item waits for you: others have labelled them, or there is nothing to settle."
    : done + " of " + total + " done, " + skipped + " skipped, " + flagged + " flagged." +
      (isLeft ? " Others may be looking at the rest, or the session's limit is reached." : "");
  get("done-title").focus();
}

function showItem(next, keepsComment) {
  const { item } = next;
  const isNew = shownItem !== item.item;
  const typed = comment.value;
  const own = item.own || { value: null, isSkipped: false, isFlagged: false, comment: null };
  shownItem = item.item;
  // The name of a case often says what is expected; the hash of its trace tells it from others as well.
  const traces = item.item.match(/@[0-9a-f]{12}(?= vs |$)/g);
  const shown = traces === null ? item.item : traces.map((trace) => trace.slice(1)).join(" vs ");
  get("item-title").replaceChildren("Item ", make("code", "", shown));
  const pills = get("pills");
  pills.replaceChildren();
  if (own.value !== null) pills.append(make("span", "pill done", "your label: " + own.value));
  if (own.isSkipped) pills.append(make("span", "pill", "skipped"));
  if (own.isFlagged) pills.append(make("span", "pill flag", "flagged"));
  if (isNew) get("parts").replaceChildren(...parts(item));
  showPanel(item, own, isNew);
  comment.value = keepsComment ? typed : own.comment || "";
  get("flag").setAttribute("aria-pressed", String(own.isFlagged));
  if (!isNew) return;
  scrollTo(0, 0);
  get("panel").scrollTop = 0;
  get("item-title").focus({ preventScroll: true });
  for (const box of document.querySelectorAll("[data-name]")) {
    if (box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight) continue;
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", box.dataset.name);
  }
}

// Rubrics are wrapped for wide files; lines that are not the end of a sentence's paragraph or of a list entry are joined.
function unwrapped(text) { return text.trim().replace(/(\S{1}[^\n]{50,})\n(?=[^\s*•\d-])/g, "$1 "); }

function showPanel(item, own, isNew) {
  get("rubric-text").textContent = unwrapped(item.rubric.text);
  get("rubric-version").textContent = "Rubric, version " + item.rubric.version;
  get("panel").classList.toggle("few", item.choices.length < 4);
  if (isNew) get("choices").replaceChildren(...item.choices.map(choiceRow));
  for (const input of document.querySelectorAll('input[name="label"]')) input.checked = input.value === own.value;
  get("others").hidden = item.others.length === 0;
  get("others-list").replaceChildren(...item.others.map((one) =>
    make("li", "", null, make("b", "", one.author), ": " + [one.value || "no label", one.isFlagged ? "flagged" : "", one.comment || ""].filter(Boolean).join(" · "))));
}

const actions = { s: skip, g: flag, f: flag, u: undo, n: () => move("next"), p: () => move("previous") };

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.metaKey) return;
  if (event.target === comment) return onCommentKey(event);
  if (event.ctrlKey || event.repeat || help.open || state === null || state.annotator === null) return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "radio") return;
  if (event.key === "?") { event.preventDefault(); return openHelp(); }
  if (localStorage.getItem(KEYS_OFF) !== null) return;
  const key = event.key.toLowerCase();
  if (state.item === null) {
    if (key === "u" || key === "p" || key === "n") { event.preventDefault(); actions[key](); }
    return;
  }
  const choice = state.item.choices.find((one) => one.key === key);
  const action = choice ? () => label(choice.value) : key === "c" ? () => comment.focus() : actions[key];
  if (action === undefined) return;
  event.preventDefault();
  action();
}

function onCommentKey(event) {
  if (event.key === "Escape") { event.preventDefault(); get("item-title").focus(); }
  if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); saveComment(); }
}

function openHelp() {
  const choices = state === null || state.item === null ? [] : state.item.choices;
  get("label-keys").textContent = choices.map(({ key, value }) => (value.toLowerCase() === key ? value : key + " for " + value)).join(", ");
  get("label-keys-row").hidden = choices.length === 0;
  get("keys-on").checked = localStorage.getItem(KEYS_OFF) === null;
  help.showModal();
  // By hand: the attribute would be obeyed when the page loads, too, and quarrel with the item for the focus.
  get("close-help").focus();
}

async function signIn(event) {
  event.preventDefault();
  const name = get("name").value.trim();
  const problem = get("name-problem");
  const { reply, status: code } = await call("/api/sign-in", { name, isSure: get("sure").checked });
  if (reply === null) return;
  if (code === 200) { problem.textContent = ""; get("name").value = ""; get("sure-row").hidden = true; get("sure").checked = false; return show(reply); }
  problem.textContent = reply.error;
  get("sure-row").hidden = reply.reason !== "name-in-use";
  get("name").focus();
}

document.addEventListener("keydown", onKey);
get("sign-in-form").addEventListener("submit", signIn);
get("label").addEventListener("submit", (event) => { event.preventDefault(); saveChosen(); });
for (const [id, action] of Object.entries({ skip, flag, undo, "undo-done": undo, "save-comment": saveComment, "help-button": openHelp,
  next: () => move("next"), previous: () => move("previous"), "previous-done": () => move("previous"), "next-done": () => move("next"), "close-help": () => help.close(), "close-warnings": () => { get("warnings").hidden = true; }, "sign-out": () => act("/api/sign-out", {}) }))
  get(id).addEventListener("click", () => action());
get("keys-on").addEventListener("change", (event) => {
  if (event.target.checked) localStorage.removeItem(KEYS_OFF);
  else localStorage.setItem(KEYS_OFF, "1");
});

call("/api/item").then(({ reply, status: code }) => {
  if (code === 200) show(reply);
  else if (reply !== null) complain(reply.error);
  if (!isGone) watch(ALIVE_MS);
});
})();
`;
