/** One reading of a text: as it stands, or with an encoding undone. */
export interface TextView {
  /** `plain`, or the encoding that was undone. */
  readonly encoding: "plain" | "base64" | "hex" | "rot13" | "reversed" | "escaped" | "spaced" | "leet";
  readonly text: string;
}

/** Letters of other scripts, and the Latin letters that they are drawn like. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  [
    ..."аaеeоoрpсcхxуyіiјjѕsһhԁdԛqԝwвbнhкkмmтtАAВBЕEКKМMНHОOРPСCТTХXУYІIЅSαaοoρpνvιiκkτtυuΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX",
  ]
    .map((letter, index, all) => [letter, all[index + 1] ?? ""] as const)
    .filter((_, index) => index % 2 === 0),
);

const HIDDEN = /\p{Cf}|\p{Variation_Selector}|[\u115F\u1160\u3164\uFFA0]/gu;
const TAG_CHARACTERS = /[\u{E0020}-\u{E007E}]/gu;
const NOT_LATIN = /[\u0370-\u03FF\u0400-\u052F]/;

/** Largest payload that is decoded; a longer one is cut. */
const MAX_PAYLOAD = 8_000;

/**
 * The text as a reader sees it: compatibility forms folded, characters without a width taken out (those that spell
 * ASCII in Unicode's tag block are spelled out), letters of other scripts that look Latin made Latin.
 */
export function visibleText(text: string): string {
  const spelled = text.replace(TAG_CHARACTERS, (tag) =>
    String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000),
  );
  const folded = spelled.normalize("NFKC").replace(HIDDEN, "");
  if (!NOT_LATIN.test(folded)) return folded;
  return folded.replace(/[\u0370-\u03FF\u0400-\u052F]/g, (letter) => LOOKALIKES.get(letter) ?? letter);
}

/** Whether a text hides something: characters without a width within it, or words of mixed scripts. */
export function hidesText(text: string): boolean {
  const isJoined = /[\p{L}\p{N}][\u00AD\u200B\u2060-\u2064\uFEFF]+[\p{L}\p{N}]/u.test(text);
  const isTagged = (text.match(TAG_CHARACTERS)?.length ?? 0) > 8;
  return isJoined || isTagged || /[A-Za-z][\u0430-\u045F]+[A-Za-z]/.test(text);
}

/** The visible text, and every reading of it that undoes an encoding and gives words. */
export function textViews(text: string): readonly TextView[] {
  const plain = visibleText(text);
  const views: TextView[] = [{ encoding: "plain", text: plain }];
  const add = (encoding: TextView["encoding"], decoded: string | null) => {
    if (decoded !== null && decoded !== plain) views.push({ encoding, text: decoded });
  };
  add("base64", decodeAll(plain, /[A-Za-z0-9+/_-]{16,}={0,2}/g, base64));
  add("hex", decodeAll(plain, /(?:[0-9a-fA-F]{2}[ :]?){12,}/g, hex));
  add(
    "escaped",
    /%[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|&#x?[0-9a-fA-F]+;/.test(plain)
      ? unescapeAll(plain)
      : null,
  );
  add("spaced", /(?:^|\s)(?:\p{L}[ .*_-]){5,}\p{L}(?:\s|$)/u.test(plain) ? joinSpaced(plain) : null);
  add("leet", /[a-z][0134578@$][a-z]|[0134578@$][a-z]{2}/i.test(plain) ? unleet(plain) : null);
  if (/\p{L}{3}/u.test(plain)) {
    add("rot13", rot13(plain));
    add("reversed", [...plain].reverse().join(""));
  }
  return views;
}

function decodeAll(text: string, pattern: RegExp, decode: (token: string) => string | null): string | null {
  const decoded = [...text.matchAll(pattern)].flatMap(([token]) => decode(token.slice(0, MAX_PAYLOAD)) ?? []);
  return decoded.length === 0 ? null : decoded.map(visibleText).join("\n");
}

function base64(token: string): string | null {
  return words(Buffer.from(token.replaceAll("-", "+").replaceAll("_", "/"), "base64").toString("utf8"));
}

function hex(token: string): string | null {
  return words(Buffer.from(token.replace(/[ :]/g, ""), "hex").toString("utf8"));
}

/** The text when it reads like words: printable, mostly letters and spaces. */
function words(text: string): string | null {
  if (text.length < 8 || /[\p{Cc}\uFFFD]/u.test(text.replace(/[\n\r\t]/g, ""))) return null;
  const plain = text.match(/[\p{L}\p{N}\s.,:;!?'"-]/gu)?.length ?? 0;
  return /\p{L}{2}/u.test(text) && plain / text.length > 0.85 ? text : null;
}

function unescapeAll(text: string): string {
  return text
    .replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"))
    .replace(/\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})/g, (_, long: string | undefined, short: string) =>
      String.fromCharCode(Number.parseInt(long ?? short, 16)),
    )
    .replace(/&#(x?)([0-9a-fA-F]+);/g, (whole, isHex: string, digits: string) => {
      const code = Number.parseInt(digits, isHex === "" ? 10 : 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    });
}

function joinSpaced(text: string): string {
  return text.replace(/(?<=^|\s)(?:\p{L}[ .*_-]){3,}\p{L}(?=\s|$)/gu, (run) => run.replace(/[ .*_-]/g, ""));
}

const LEET: { readonly [digit: string]: string } = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "8": "b",
  "@": "a",
  $: "s",
};

function unleet(text: string): string {
  return text.replace(/[0134578@$]/g, (sign) => LEET[sign] ?? sign);
}

function rot13(text: string): string {
  return text.replace(/[A-Za-z]/g, (letter) => {
    const base = letter <= "Z" ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
}
