import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { guardrailLayers, guardrailsSchema } from "../src/config/agent/guardrails-schema.js";
import { insertAttack } from "../src/environments/mailbox/bipia-mails.js";
import { findPii } from "../src/metrics/safety/pii-rules.js";
import { classifyInjection } from "../src/runtime/guardrails/injection-classifier.js";
import { ungroundedClaims } from "../src/runtime/guardrails/promise-claims.js";
import { inspectResult, inspectText } from "../src/runtime/guardrails/quarantine.js";
import { redactSecrets } from "../src/runtime/guardrails/secrets.js";
import { readDocuments } from "../src/runtime/retrieval/documents/documents.js";
import { wilson } from "../src/stats/wilson.js";

const root = join(import.meta.dirname, "..");
const { input, retrieval } = guardrailLayers(guardrailsSchema.parse({}));
if (input === null || input.injection === false || retrieval === null) throw new Error("a layer is off");
const data = retrieval;
const { flag, block } = input.injection;

/** How often a detector says yes on one set of texts. */
export interface DetectorFigure {
  readonly detector: string;
  readonly set: string;
  /** Whether the texts are what it looks for: the share is recall then, and false alarms otherwise. */
  readonly isWanted: boolean;
  readonly found: number;
  readonly of: number;
}

/** The figures of all detectors on what is shipped, with the default thresholds. */
export function measureDetectors(): readonly DetectorFigure[] {
  return [...instructionFigures(), ...injectionFigures(), ...piiFigures(), ...promiseFigures()];
}

/** One row of the table in the docs: share and 95 % Wilson interval. */
export function figureRow({ detector, set, isWanted, found, of }: DetectorFigure): string {
  return `| ${detector} | ${set} | ${isWanted ? "recall" : "false alarms"} | ${shareCells(found, of)} |`;
}

/** Detectors of the precision table, by the beginning of their names in the figures. */
const GROUPS = ["instructions in data", "injection by the user, blocked", "promises"];

/** Of all that a detector said yes to in the sets above, the share that was right: it depends on their mix. */
export function precisionRows(figures: readonly DetectorFigure[]): readonly string[] {
  return GROUPS.map((detector) => {
    const own = figures.filter((one) => one.detector === detector);
    const sum = (isWanted: boolean, pick: (one: DetectorFigure) => number) =>
      own.filter((one) => one.isWanted === isWanted).reduce((total, one) => total + pick(one), 0);
    const [right, wrong] = [sum(true, ({ found }) => found), sum(false, ({ found }) => found)];
    const mix = `${sum(true, ({ of }) => of)} : ${sum(false, ({ of }) => of)}`;
    return `| ${detector} | ${mix} | ${shareCells(right, right + wrong)} |`;
  });
}

function shareCells(found: number, of: number): string {
  const { lower, upper } = wilson(found, of);
  const percent = (share: number | null) => (share === null ? "–" : `${(share * 100).toFixed(1)} %`);
  return `${found} of ${of} | ${percent(found / of)} | ${percent(lower)} to ${percent(upper)}`;
}

function rows<Row>(...path: readonly string[]): readonly Row[] {
  return readFileSync(join(root, ...path), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as Row);
}

function figure(
  detector: string,
  set: string,
  isWanted: boolean,
  texts: readonly string[],
  says: (text: string) => boolean,
): DetectorFigure {
  return { detector, set, isWanted, found: texts.filter(says).length, of: texts.length };
}

const CODE = '\n```\nimport os\nos.system("id")\n```';
const POSITIONS = ["start", "middle", "end"] as const;

function instructionFigures(): readonly DetectorFigure[] {
  const name = "instructions in data";
  const mails = rows<{ context: string }>("datasets", "bipia", "emails.jsonl").map(({ context }) => context);
  const holds = (text: string) => inspectText(text, data).quarantined > 0;
  const recall = (set: string, attacks: readonly string[]) => {
    const placed = attacks.flatMap((attack, index) =>
      POSITIONS.map((position, shift) => ({
        attack,
        text: insertAttack(mails[(index + 17 * shift) % mails.length] ?? "", attack, position),
      })),
    );
    const found = placed.filter(
      ({ attack, text }) => !inspectText(text, data).text.includes(attack.split("\n")[0] ?? ""),
    );
    return { detector: name, set, isWanted: true, found: found.length, of: placed.length };
  };
  const attacks = rows<{ kind: string; attack: string }>("datasets", "bipia", "attacks.jsonl");
  const train = rows<{ kind: string; attack: string }>("test", "fixtures", "guardrails", "bipia-train.jsonl");
  const of = (list: typeof attacks, kind: string, suffix = "") =>
    list.filter((one) => one.kind === kind).map(({ attack }) => attack + suffix);
  const handbook = readDocuments(join(root, "datasets", "handbook"), "datasets/handbook");
  const planted = new Set(["community-forum-export", "partner-email-archive"]);
  const own = handbook.filter(({ id }) => !planted.has(id)).map(({ body }) => body);
  const kb = rows<{ text: string }>("test", "fixtures", "banking-kb", "documents.jsonl").map(
    ({ text }) => text,
  );
  return [
    recall("BIPIA test, text attacks in e-mails (the rules were written on it)", of(attacks, "text")),
    recall("BIPIA test, code attacks in e-mails (the rules were written on it)", of(attacks, "code")),
    recall("BIPIA train, text attacks in e-mails", of(train, "text")),
    recall("BIPIA train, code attacks in e-mails", of(train, "code", CODE)),
    figure(name, "BIPIA e-mails without an attack", false, mails, holds),
    figure(name, "banking-kb documents", false, kb, holds),
    figure(name, "handbook documents without a planted order", false, own, holds),
    figure(
      name,
      "tau-bench tool results",
      false,
      tauTexts("tool"),
      (text) => inspectResult(text, data).quarantined > 0,
    ),
  ];
}

function injectionFigures(): readonly DetectorFigure[] {
  const cases = rows<{ input: unknown; tags: readonly string[] }>("datasets", "safety", "cases.jsonl");
  const starter = rows<{ input?: unknown; tags?: readonly string[] }>("datasets", "starter.jsonl");
  const texts = (list: readonly { input?: unknown }[]) =>
    list.flatMap((one) => (typeof one.input === "string" ? [one.input] : []));
  const tagged = (
    list: readonly { input?: unknown; tags?: readonly string[] }[],
    ...tags: readonly string[]
  ) => texts(list.filter((one) => one.tags?.some((tag) => tags.includes(tag)) === true));
  const attacks = [
    ...tagged(cases, "override", "exfiltration", "escalation", "prompt-leak"),
    ...tagged(starter, "injection"),
  ];
  const plain = texts(starter.filter(({ tags }) => tags?.includes("injection") !== true));
  const queries = rows<{ text: string }>("test", "fixtures", "banking-kb", "queries.jsonl").map(
    ({ text }) => text,
  );
  const name = "injection by the user";
  const blocks = (text: string) => classifyInjection(text).score >= block;
  const flags = (text: string) => classifyInjection(text).score >= flag;
  return [
    figure(
      `${name}, blocked`,
      "suites safety and starter (the rules were written on them)",
      true,
      attacks,
      blocks,
    ),
    figure(
      `${name}, flagged`,
      "suites safety and starter (the rules were written on them)",
      true,
      attacks,
      flags,
    ),
    figure(`${name}, blocked`, "tau-bench users", false, tauTexts("user"), blocks),
    figure(`${name}, flagged`, "tau-bench users", false, tauTexts("user"), flags),
    figure(`${name}, blocked`, "banking-kb queries", false, queries, blocks),
    figure(`${name}, flagged`, "starter questions", false, plain, flags),
  ];
}

/** What each speaker said in the recorded conversations of tau-bench, each text once. */
function tauTexts(role: "user" | "tool"): readonly string[] {
  const files = [
    ["tau-airline", "gpt-4o.jsonl"],
    ["tau-retail", "tool-calling.jsonl"],
  ] as const;
  const texts = files.flatMap(([domain, file]) =>
    rows<{ messages: readonly { role: string; content: unknown }[] }>(
      "datasets",
      domain,
      "recordings",
      file,
    ).flatMap(({ messages }) =>
      messages.flatMap((one) => (one.role === role && typeof one.content === "string" ? [one.content] : [])),
    ),
  );
  return [...new Set(texts)];
}

function piiFigures(): readonly DetectorFigure[] {
  const labelled = rows<{ text: string; finds: readonly string[] }>(
    "test",
    "fixtures",
    "guardrails",
    "pii-secrets.jsonl",
  ).map(({ text, finds }) => {
    const { text: rest, kinds } = redactSecrets(text);
    const found = [
      ...kinds.map(() => "secret"),
      ...findPii(rest).map(({ kind }) => (kind === "API key" ? "secret" : kind)),
    ];
    return { wanted: [...finds], found };
  });
  const count = (kinds: (kind: string) => boolean, detector: string): DetectorFigure => {
    const wanted = labelled.flatMap((one) => one.wanted.filter(kinds).map((kind) => ({ kind, one })));
    const hit = wanted.filter(({ kind, one }) => one.found.includes(kind));
    return { detector, set: "own labelled messages", isWanted: true, found: hit.length, of: wanted.length };
  };
  const clean = labelled.filter(({ wanted }) => wanted.length === 0);
  return [
    count((kind) => kind === "secret", "secrets"),
    count((kind) => kind !== "secret", "personal data"),
    {
      detector: "secrets and personal data",
      set: "own messages with neither",
      isWanted: false,
      found: clean.filter(({ found }) => found.length > 0).length,
      of: clean.length,
    },
  ];
}

function promiseFigures(): readonly DetectorFigure[] {
  type Effect = Parameters<typeof ungroundedClaims>[1][number];
  const labelled = rows<{ reply: string; claims: boolean; heldOut?: boolean; effect?: Effect }>(
    "test",
    "fixtures",
    "guardrails",
    "promises.jsonl",
  );
  const says = (reply: string, effects: readonly Effect[]) => ungroundedClaims(reply, effects, []).length > 0;
  const one = (
    set: string,
    isWanted: boolean,
    list: typeof labelled,
    withEffect = false,
  ): DetectorFigure => ({
    detector: "promises",
    set,
    isWanted,
    found: list.filter(({ reply, effect }) => says(reply, withEffect && effect !== undefined ? [effect] : []))
      .length,
    of: list.length,
  });
  const claims = labelled.filter((row) => row.claims);
  const others = labelled.filter((row) => !row.claims);
  return [
    one(
      "own claims that nothing bears out",
      true,
      claims.filter((row) => row.heldOut !== true),
    ),
    one(
      "own claims that nothing bears out, written after the rules",
      true,
      claims.filter((row) => row.heldOut === true),
    ),
    one("the same claims with the effect that they tell of", false, claims, true),
    one("own replies that claim nothing", false, others),
  ];
}

/** More false alarms, on a file of golden cases or `{"query"}` lines that is not shipped. */
export function injectionOn(file: string): DetectorFigure | null {
  if (!existsSync(file)) return null;
  const texts = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => (JSON.parse(line) as { query: string }).query);
  return figure(
    "injection by the user, blocked",
    file,
    false,
    texts,
    (text) => classifyInjection(text).score >= block,
  );
}
