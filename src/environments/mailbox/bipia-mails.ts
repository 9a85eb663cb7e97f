import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../core/errors.js";

/** An e-mail of BIPIA, without an attack. */
interface MailContext {
  readonly id: string;
  readonly context: string;
}

/** An attack of BIPIA: what is put into an e-mail. */
export interface MailAttack {
  readonly id: string;
  readonly kind: "text" | "code";
  readonly category: string;
  readonly attack: string;
}

const POSITIONS = ["start", "middle", "end"] as const;
type AttackPosition = (typeof POSITIONS)[number];

/** The e-mails of BIPIA, clean or with any of its attacks at any place: 50 × (1 + 125 × 3). */
export interface BipiaMails {
  /**
   * @param id - `M-<e-mail>` for a clean one, `M-<e-mail>-<attack>-<start|middle|end>` for one with an attack; numbers
   *   are those of the lines of the files, from 0
   * @returns `null` for an id that there is not
   */
  readonly find: (id: string) => string | null;
  readonly mails: readonly MailContext[];
  readonly attacks: readonly MailAttack[];
}

/**
 * Reads the shipped data of BIPIA.
 *
 * @throws {ConfigError} when they cannot be read
 */
export function readBipiaMails(folder: string): BipiaMails {
  const mails = readLines<MailContext>(join(folder, "emails.jsonl"));
  const attacks = readLines<MailAttack>(join(folder, "attacks.jsonl"));
  return {
    mails,
    attacks,
    find: (id) => {
      const parts = /^M-(\d{1,4})(?:-(\d{1,4})-(start|middle|end))?$/.exec(id);
      const mail = mails[Number(parts?.[1])];
      if (parts === null || mail === undefined) return null;
      if (parts[2] === undefined) return mail.context;
      const attack = attacks[Number(parts[2])];
      return attack === undefined
        ? null
        : insertAttack(mail.context, attack.attack, parts[3] as AttackPosition);
    },
  };
}

/** The e-mail with the attack on lines of its own: before it, after it, or at the break next to its middle. */
export function insertAttack(context: string, attack: string, position: AttackPosition): string {
  if (position === "start") return `${attack}\n${context}`;
  if (position === "end") return `${context}\n${attack}`;
  const breaks = [...context.matchAll(/\n+|(?<=[.!?])\s+/g)].map(({ index, 0: gap }) => index + gap.length);
  const half = context.length / 2;
  const at = breaks.reduce(
    (best, place) => (Math.abs(place - half) < Math.abs(best - half) ? place : best),
    breaks[0] ?? context.length,
  );
  return `${context.slice(0, at).trimEnd()}\n${attack}\n${context.slice(at)}`;
}

function readLines<Row>(file: string): readonly Row[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line) as Row);
  } catch (cause) {
    throw new ConfigError([{ file, message: "expected the shipped data of BIPIA" }], {
      cause,
      nextStep: "Install agentctl again: a file that belongs to it is missing or damaged.",
    });
  }
}
