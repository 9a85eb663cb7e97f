/** Ids (`A-1042`, `W2378156`, `mia_li_3668`), long numbers. */
const ID = /(?<![\w$€£.#-])#?(?=[\w-]*\d)(?:[a-z]+[_-]?[\w-]*\d[\w-]*|\d{4,}[\w-]*)(?![\w@])/giu;
const AMOUNT = /[$€£]\s?(\d[\d,]*(?:\.\d+)?)|(\d[\d,]*(?:\.\d+)?)\s?(?:usd|eur|dollars?|euros?)\b/giu;
const EMAIL = /[\w.+-]+@[\w-]+\.[\w.-]*\w/gu;

/** A value that somebody can only say who knows it. */
export interface SaidValue {
  readonly kind: "id" | "amount" | "email";
  /** As it was said. */
  readonly text: string;
  /** Equal for the same value however it is written. */
  readonly key: string;
}

/** The ids, amounts of money and e-mail addresses of a text, each once. */
export function valuesIn(text: string): readonly SaidValue[] {
  const found = new Map<string, SaidValue>();
  const add = (kind: SaidValue["kind"], shown: string, key: string) =>
    found.set(`${kind} ${key}`, { kind, text: shown.trim(), key: `${kind} ${key}` });
  const emails = [...text.matchAll(EMAIL)];
  for (const [email] of emails) add("email", email, email.toLowerCase());
  const rest = text.replace(EMAIL, " ");
  for (const match of rest.matchAll(AMOUNT)) {
    add("amount", match[0], String(Number((match[1] ?? match[2] ?? "").replaceAll(",", ""))));
  }
  for (const [id] of rest.replace(AMOUNT, " ").matchAll(ID)) add("id", id, idKey(id));
  return [...found.values()];
}

/** The same id written in other ways: `a 1042`, `#A-1042`. */
function idKey(id: string): string {
  return id.toLowerCase().replace(/[#_-]/g, "");
}

/** Shape of an id: `A-1042` and `B-77` are alike, `a9`. */
export function shapeOf({ key }: SaidValue): string {
  return key.replace(/\d+/g, "9").replace(/[a-z]+/gi, "a");
}

/** Whether a text holds a value, however it is written. */
export function holds(text: string, { kind, key }: SaidValue): boolean {
  if (valuesIn(text).some((one) => one.key === key)) return true;
  const bare = key.slice(kind.length + 1);
  if (kind === "amount") return numbersIn(text).has(bare);
  return text
    .toLowerCase()
    .replace(/[\s#_-]/g, "")
    .includes(bare);
}

function numbersIn(text: string): ReadonlySet<string> {
  return new Set(
    [...text.matchAll(/\d[\d,]*(?:\.\d+)?/g)].map(([one]) => String(Number(one.replaceAll(",", "")))),
  );
}
