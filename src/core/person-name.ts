/** What nobody sees: an empty Braille cell is one beside those that Unicode names. */
const UNSEEN = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;
const IGNORED = /[\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** Joiners between letters of scripts that need them. */
const JOINERS = /(?<=[\p{L}\p{M}])(?<![\p{scx=Latn}\p{scx=Grek}\p{scx=Cyrl}])[\u200c\u200d](?=\p{L})/gu;
/** The form of an ideograph or a picture. */
const FORMS = /(?<=[\p{Script=Han}\p{Extended_Pictographic}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** Scripts whose letters look like one another's, and like single letters of many more. */
const ALIKE = /[\p{Script=Latn}\p{Script=Grek}\p{Script=Cyrl}]/u;
/** Words of one of them alone; Chinese, Japanese and Korean ones may hold Latin letters. */
const OF_ONE_SCRIPT: readonly RegExp[] = [
  /^[\p{scx=Latn}\p{scx=Zyyy}\p{scx=Zinh}\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}]+$/u,
  /^[\p{scx=Grek}\p{scx=Zyyy}\p{scx=Zinh}]+$/u,
  /^[\p{scx=Cyrl}\p{scx=Zyyy}\p{scx=Zinh}]+$/u,
];

/**
 * Letters, and the Latin ones that they are taken for, one for one: of the scripts in which a whole word may look Latin. A
 * capital `I` reads like an `l`.
 *
 * @see https://www.unicode.org/reports/tr39/#Confusable_Detection
 */
const LOOKS_LIKE: ReadonlyMap<string, string> = new Map(
  [
    { latin: "I1|0ıȷɑɡɩ", like: "lllOijagi" },
    { cyrillic: "АВЕЅІӀЈКМНОРСТУҮХԚԜԌѴЬ", like: "ABESllJKMHOPCTYYXQWGVb" },
    { cyrillic: "авеѕіӏјкмнорстуүхԛԝѵьгпԁһ", like: "abesiljkmhopctyyxqwvbrndh" },
    { greek: "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", like: "ABEZHlKMNOPTYX" },
    { greek: "αβγεηικνορστυχωϳ", like: "abyenikvopotuxwj" },
    { armenian: "ՕՍՏԼհյոսցօզ", like: "OUSLhjnugoq" },
  ].flatMap(({ like, ...script }) =>
    [...Object.values(script).join("")].map((letter, at): [string, string] => [letter, like[at] ?? letter]),
  ),
);

/**
 * Why a name does not tell who somebody is: a reader would take it for another one. `null`: it does. Names of any script are
 * good, and of several, but a word that holds Latin, Greek or Cyrillic letters is of one.
 */
export function nameFault(name: string): string | null {
  if (UNSEEN.test(name.replace(JOINERS, "").replace(FORMS, ""))) return "it holds what cannot be seen";
  const mixed = name.normalize("NFKC").match(WORD)?.find(isMixed);
  return mixed === undefined ? null : `"${mixed}" mixes letters of several scripts, which look alike`;
}

function isMixed(word: string): boolean {
  return ALIKE.test(word) && !OF_ONE_SCRIPT.some((script) => script.test(word));
}

/** Whether two names are written the same, apart from case, width, space, what cannot be seen, and how accents are encoded. */
export function isSameName(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

/**
 * Whether a reader may take two names for one: beside {@link isSameName} those that differ in accents of Latin, Greek and
 * Cyrillic letters, in signs, and in letters that look alike. Of a whole word in a rarer script, such as Cherokee, it is not
 * known what it looks like.
 */
export function readsLike(one: string, other: string): boolean {
  if (isSameName(one, other)) return true;
  const shape = shapeOf(one);
  return shape !== "" && shape === shapeOf(other);
}

function plain(name: string): string {
  return name.normalize("NFKC").replace(IGNORED, "").trim().replace(/\s+/g, " ").toLowerCase();
}

function shapeOf(name: string): string {
  const letters = [...name.normalize("NFKD")].map((letter) => LOOKS_LIKE.get(letter) ?? letter).join("");
  return letters
    .replace(IGNORED, "")
    .replace(/[\u0300-\u036f]|[^\p{L}\p{M}\p{N}]/gu, "")
    .toLowerCase()
    .replaceAll("rn", "m")
    .replaceAll("vv", "w");
}
