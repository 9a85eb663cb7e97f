/** The part of the page's script that builds what is shown of an item; it knows nothing of the page's state. */
export const REVIEW_PARTS_SCRIPT = String.raw`
function make(name, className, text, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== null && text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
}

function choiceRow(choice, index) {
  const input = make("input");
  input.type = "radio";
  input.name = "label";
  input.value = choice.value;
  input.id = "choice-" + index;
  input.setAttribute("aria-label", choice.value);
  input.setAttribute("aria-keyshortcuts", choice.key);
  const key = make("kbd", "", choice.key);
  key.setAttribute("aria-hidden", "true");
  const words = make("span", "", null, make("b", "", choice.value));
  if (choice.meaning !== null) {
    const meaning = make("small", "", choice.meaning);
    meaning.id = "meaning-" + index;
    input.setAttribute("aria-describedby", meaning.id);
    words.append(" ", meaning);
  }
  const row = make("label", "choice", null, input, words, key);
  row.htmlFor = input.id;
  return row;
}

function parts({ texts, reads, isPair }) {
  const { policy, conversation, question, documents, tools, reference } = texts;
  const found = [];
  const said = conversation.findLast(({ role }) => role === "user");
  if (policy !== null) found.push(folded("Policy that the agent had to keep", false, scrolled("Policy", policy)));
  if (conversation.length > 0)
    found.push(part("Conversation", ...conversation.map(({ role, text }) =>
      make("div", "turn " + role, null, make("b", "", role === "user" ? "User" : "Agent"), textBox(text)))));
  if (question !== null && (said === undefined || said.text !== question)) found.push(part("Question", textBox(question)));
  if (isPair) found.push(make("div", "pair", null, answer("Answer A", texts.answer), answer("Answer B", texts.otherAnswer)));
  else if (reads.includes("answer")) found.push(answer("Answer", texts.answer));
  if (reference !== null) found.push(folded("Reference answer", true, textBox(reference)));
  if (reads.includes("documents")) found.push(folded("Documents (" + documents.length + ")", true, ...documents.map(passage)));
  if (reads.includes("tools")) found.push(folded("Tool calls (" + tools.length + ")", true, ...tools.map(toolCall)));
  return found;
}

function answer(title, text) {
  const box = part(title, text === null || text === "" ? make("p", "none", "The agent gave no answer.") : textBox(text));
  box.className += " answer";
  return box;
}

function part(title, ...children) {
  const box = make("section", "part", null, make("h3", "", title), ...children);
  box.setAttribute("aria-label", title);
  return box;
}

function folded(title, isOpen, ...children) {
  const box = make("details", "part", null, make("summary", "", null, make("h3", "", title)), ...children);
  box.open = isOpen;
  return box;
}

function textBox(text) { return make("div", "text", text); }

// Only what really scrolls becomes a stop for the keyboard and a landmark, under this name.
function boxed(element, name) {
  element.dataset.name = name;
  return element;
}

function scrolled(name, text) { return boxed(make("div", "scroll text", text), name); }

function passage({ id, title, text }) {
  return make("div", "entry", null,
    make("h4", "", null, title === null ? make("code", "", id) : title, title === null ? "" : make("span", "id", " · " + id)),
    scrolled("Text of " + (title || id), text));
}

function toolCall(call, index) {
  const heading = make("h4", "", null, make("code", "", call.name));
  if (call.isError) heading.append(" ", make("span", "bad-word", "failed"));
  const name = "call " + (index + 1) + ", " + call.name;
  return make("div", "entry", null, heading,
    boxed(make("pre", "", pretty(call.arguments)), "Arguments of " + name),
    call.result === null ? make("p", "none", "No result.") : boxed(make("pre", call.isError ? "bad" : "", prettyText(call.result)), "Result of " + name));
}

function pretty(value) { return JSON.stringify(value, null, 2); }
function prettyText(text) {
  if (!/^\s*[[{]/.test(text)) return text;
  try { return pretty(JSON.parse(text)); } catch { return text; }
}
`;
