import { spawnSync } from "node:child_process";
import { UsageError } from "../../core/errors.js";
import type { LabelEntry } from "../../core/judgement.js";

const MOST_CHARACTERS = 100;
const RECENT_MS = 10 * 60_000;

/** Whose labels these are: the given name, else that of git, else that of the system's user. */
export function annotatorName(
  given: string | undefined,
  env: { readonly [name: string]: string | undefined },
  workingDirectory: string,
): string {
  if (given !== undefined) return checkedName(given, "--as");
  const found = [gitName(workingDirectory), env.USER, env.USERNAME].find(
    (name) => name !== undefined && name.trim() !== "",
  );
  return checkedName(found ?? "", "annotator");
}

/**
 * A name as labels carry it: without spaces around it.
 *
 * @param place - where the name was given, for the message
 * @throws {UsageError} when it is empty, too long, or has characters that cannot be seen
 */
export function checkedName(name: string, place: string): string {
  const words = name.normalize("NFC").trim().replace(/\s+/g, " ");
  if (words !== "" && words.length <= MOST_CHARACTERS && !/\p{C}/u.test(words)) return words;
  throw new UsageError(
    `${place}: expected the name of an annotator, 1 to ${MOST_CHARACTERS} characters that can be seen`,
    { nextStep: "give one with --as, the same at every session: labels are counted by author" },
  );
}

function gitName(workingDirectory: string): string | undefined {
  const { status, stdout } = spawnSync("git", ["config", "user.name"], {
    cwd: workingDirectory,
    encoding: "utf8",
    timeout: 2000,
  });
  return status === 0 ? stdout : undefined;
}

/**
 * Signs that two people use one name, or one person two: agreement between people would be wrong.
 *
 * @param labels - of all rubrics
 */
export function annotatorWarnings(
  annotator: string,
  source: string,
  labels: readonly LabelEntry[],
  nowMs: number,
): readonly string[] {
  const elsewhere = labels.findLast(
    (entry) =>
      entry.author === annotator && entry.source !== source && nowMs - Date.parse(entry.at) < RECENT_MS,
  );
  const alike = [
    ...new Set(
      labels.flatMap(({ author }) => (author !== annotator && sameName(author, annotator) ? [author] : [])),
    ),
  ];
  return [
    ...(elsewhere === undefined
      ? []
      : [
          `"${annotator}" labelled from ${elsewhere.source} within the last ${RECENT_MS / 60_000} minutes: ` +
            "two people with one name count as one, so take another name if that was not you",
        ]),
    ...alike.map((author) => `there are labels by "${author}" too: if that is you, go on under that name`),
  ];
}

function sameName(left: string, right: string): boolean {
  const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return plain(left) === plain(right);
}
