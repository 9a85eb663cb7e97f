import { type Command, InvalidArgumentError } from "commander";
import { positiveInteger } from "./options.js";

/** Values of the flags that say what counts as nearly the same text. */
export interface SimilarityFlags {
  readonly threshold: number;
  readonly shingleWords: number;
}

/** Values of the flags that say where a golden set is written. */
export interface DestinationFlags {
  readonly output?: string;
  readonly inPlace?: boolean;
  readonly force?: boolean;
}

/** Seed of the hash functions of MinHash: fixed, so that two people see the same. */
const MIN_HASH_SEED = 1;

export function withSimilarityFlags(command: Command): Command {
  return command
    .option("--threshold <share>", "least Jaccard similarity of near-duplicates", similarityShare, 0.8)
    .option("--shingle-words <n>", "words in a shingle", positiveInteger, 2);
}

/** The flags as options of the search. */
export function similarityOf({ threshold, shingleWords }: SimilarityFlags) {
  return { threshold, shingleWords, seed: MIN_HASH_SEED };
}

export function withDestinationFlags(command: Command): Command {
  return command
    .option("-o, --output <file>", "file to write; one that exists is kept unless --force is given")
    .option("--in-place", "rewrite the dataset itself, whole or not at all")
    .option("--force", "replace the file that --output names");
}

/** Parses a share below 1, as `20%` or `0.2`. */
export function properShare(text: string): number {
  const share = parseShare(text);
  if (share <= 0 || share >= 1) throw new InvalidArgumentError(`expected a share between 0 and 1. ${HOW}`);
  return share;
}

/** Parses an error level, below one half. */
export function errorLevel(text: string): number {
  const level = properShare(text);
  if (level >= 0.5) throw new InvalidArgumentError("expected an error level below 0.5.");
  return level;
}

/** Parses a share of 0 to 1, as `90%` or `0.9`. */
export function anyShare(text: string): number {
  const share = parseShare(text);
  if (share < 0 || share > 1) throw new InvalidArgumentError(`expected a share of 0 to 1. ${HOW}`);
  return share;
}

/** Collects margins, given several times or separated by commas. */
export function collectMargins(text: string, previous: readonly number[] | undefined): readonly number[] {
  return [...(previous ?? []), ...text.split(",").map(properShare)];
}

const HOW = "Write 20% or 0.2.";
/** Below this almost every pair of texts would have to be compared. */
const LEAST_THRESHOLD = 0.2;

function similarityShare(text: string): number {
  const share = anyShare(text);
  if (share < LEAST_THRESHOLD)
    throw new InvalidArgumentError(`expected a similarity of ${LEAST_THRESHOLD} to 1.`);
  return share;
}

function parseShare(text: string): number {
  const [, digits = "", percent = ""] = /^\s*(\d*\.?\d+|\d+\.)\s*(%?)\s*$/.exec(text) ?? [];
  if (digits === "") throw new InvalidArgumentError(`expected a share. ${HOW}`);
  return percent === "%" ? Number(digits) / 100 : Number(digits);
}
