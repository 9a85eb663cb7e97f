/** Lower case, one space for any white space, straight quotes, compatibility forms folded (NFKC). */
export function normaliseText(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/\s+/g, " ")
    .trim();
}

const STOP_WORDS = new Set(
  (
    "a about above after again all also am an and any are as at be because been before being below between both " +
    "but by can could did do does doing don down during each few for from further had has have having he her here " +
    "hers him his how i if in into is it its itself just ll me might more most must my no nor not now of off on " +
    "once only or other our ours out over own please re s same shall she should so some such t than that the their " +
    "theirs them then there these they this those through to too under until up ve very was we were what when " +
    "where which while who whom why will with would you your yours yourself according based per"
  ).split(" "),
);

/** Scripts written without spaces: each character is a word there. A combining mark belongs to its letter. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}])+/gu;
const ASCII_WORD = /[a-z0-9]+/g;
const ASCII_ONLY = /^[\0-\x7f]*$/;

/**
 * All words in order: runs of letters, marks and digits after NFKC and lower-casing; in scripts written without
 * spaces, single characters. On ASCII text these are the tokens of Google's rouge_score without stemming.
 */
export function wordsIn(text: string): string[] {
  const folded = text.normalize("NFKC").toLowerCase();
  return folded.match(ASCII_ONLY.test(folded) ? ASCII_WORD : WORD) ?? [];
}

/**
 * Distinct words that carry meaning: stop words left out, English endings cut, numbers in one spelling.
 * Two texts about the same thing share most of them.
 */
export function contentWords(text: string): Set<string> {
  const normal = plainNumbers(normaliseText(text));
  const found = normal.match(ASCII_ONLY.test(normal) ? ASCII_WORD : WORD) ?? [];
  const words = new Set<string>();
  for (const word of found) if (!STOP_WORDS.has(word)) words.add(stem(word));
  return words;
}

/** One spelling for equal numbers: no thousands separators, no zeros that change nothing (007, 12.50, 3.0). */
function plainNumbers(text: string): string {
  return /\d/.test(text)
    ? text
        .replace(/(\d),(?=\d{3}(?!\d))/g, "$1")
        .replace(/(\d)\.0+(?!\d)/g, "$1")
        .replace(/(\d\.\d*?[1-9])0+(?!\d)/g, "$1")
        .replace(/(?<![\d\p{L}])0+(?=\d)/gu, "")
    : text;
}

function stem(word: string): string {
  if (word.length < 5 || /\d/.test(word)) return word;
  let root = word;
  if (root.endsWith("ies")) root = `${root.slice(0, -3)}y`;
  else if (root.endsWith("ing")) root = root.slice(0, -3);
  else if (root.endsWith("ed") || root.endsWith("es")) root = root.slice(0, -2);
  else if (root.endsWith("s") && !root.endsWith("ss")) root = root.slice(0, -1);
  if (root.endsWith("e")) root = root.slice(0, -1);
  return /([b-df-hj-np-tv-z])\1$/.test(root) ? root.slice(0, -1) : root;
}

/** Sentences of a text: a line break ends one, and so do . ! ? before white space. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/\n+|(?<=[.!?]["')\]]?)\s+(?=\S)/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

/** The beginning of a text on one line, for messages. */
export function excerpt(text: string, length = 100): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
