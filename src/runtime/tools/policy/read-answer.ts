/** What a message says to a question that wants yes or no; everything that is neither beyond doubt is `unclear`. */
export type Answer = "yes" | "no" | "unclear";

const YES =
  words(`yes yeah yep yup sure ok okay confirm confirmed agreed absolutely definitely certainly affirmative
  ja jawohl oui si claro sim certo da tak ano`);
/** Longer ways to say yes; each counts only at the start. */
const YES_PHRASES = [
  "go ahead",
  "do it",
  "please do",
  "of course",
  "d accord",
  "de acuerdo",
  "va bene",
  "einverstanden",
];
const NO =
  words(`no nope nah not never dont don don't doesnt doesn't cant can't cannot wont won't wouldnt wouldn't
  shouldnt shouldn't stop cancelled wait hold instead but unless except without only nein nicht kein keine halt non ne pas
  nunca jamais nao nie nee niet het ikke nej`);
/** Words that add nothing to a yes. */
const FILLER =
  words(`please thanks thank you i me my we us the a an this that it its it's is and do does so to go ahead
  for of on with now right away would like want proceed correct exactly right course all good sounds great fine
  perfect bitte danke gerne das es s'il s il vous plait merci por favor gracias per favore grazie obrigado vai adelante
  haz faites ich`);
const MOST_CHARS = 300;

/**
 * Reads an answer by fixed rules, without a model. A yes is a message that begins with a word for yes and holds besides
 * only courtesies and words of the action itself: "yes, cancel A-1042" is no yes to cancelling A-1043. A message with
 * quotation marks, quoted lines or code is unclear, as its words may be another's.
 *
 * @param said - the user's message
 * @param action - the tool's name and its arguments as text: its words may be repeated
 */
export function readAnswer(said: string, action: string): Answer {
  const text = said.normalize("NFKC").trim();
  if (text.length > MOST_CHARS) return "unclear";
  const tokens = tokensOf(text);
  if (tokens.length === 0) return "unclear";
  if (tokens.some((token) => NO.has(token))) return NO.has(tokens[0] ?? "") ? "no" : "unclear";
  if (/["“”„«»‹›`<>|{}[\]\n\r?]/u.test(text)) return "unclear";
  const rest = afterYes(tokens);
  if (rest === null) return "unclear";
  const known = new Set(tokensOf(action.normalize("NFKC")));
  return rest.every((token) => YES.has(token) || FILLER.has(token) || known.has(token)) ? "yes" : "unclear";
}

/** What follows the yes; `null` when the message does not begin with one. */
function afterYes(tokens: readonly string[]): readonly string[] | null {
  const start = tokens.findIndex((token) => token !== "please" && token !== "bitte");
  const open = tokens.slice(Math.max(start, 0));
  if (YES.has(open[0] ?? "")) return open.slice(1);
  for (const phrase of YES_PHRASES) {
    const size = phrase.split(" ").length;
    if ([...tokens].slice(0, size).join(" ") === phrase) return tokens.slice(size);
    if (open.slice(0, size).join(" ") === phrase) return open.slice(size);
  }
  return null;
}

/** Lower case and without accents; numbers and ids such as `A-1042` and `49.90` stay whole. */
function tokensOf(text: string): string[] {
  const plain = text
    .toLowerCase()
    .replaceAll("’", "'")
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "");
  return plain.match(/[\p{L}\p{N}]+(?:[-'.:@/][\p{L}\p{N}]+)*/gu)?.flatMap(unhyphenated) ?? [];
}

/** `d'accord` is two words, `don't` is one. */
function unhyphenated(token: string): string[] {
  return /^[dls]'/.test(token) ? token.split("'") : [token];
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}
