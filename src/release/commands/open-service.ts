import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { ReleaseError } from "../../core/errors.js";
import type { ReleaseJournal, ReleaseRecord } from "../journal/journal.js";
import { openReleaseJournal } from "../journal/open-release-journal.js";
import { readReleaseFile } from "../planning/read-rollout-files.js";

/** A service, with its journal open. */
export interface OpenService {
  readonly config: ReleaseConfig;
  /** release.yaml, as it was given. */
  readonly file: string;
  /** Folder of release.yaml: relative paths start there. */
  readonly folder: string;
  readonly journal: ReleaseJournal;
}

/**
 * Opens the journal of a service for the time of some work.
 *
 * @throws {ConfigError} when there is no release.yaml, or with every problem of it
 * @throws {ReleaseError} `RELEASE_UNKNOWN` when there is no journal: nothing was ever released from here
 */
export async function withService<Result>(
  file: string,
  workingDirectory: string,
  work: (service: OpenService) => Result | Promise<Result>,
): Promise<Result> {
  const config = readReleaseFile(file, workingDirectory);
  const folder = dirname(resolve(workingDirectory, file));
  const database = resolve(folder, config.journal);
  if (!existsSync(database)) {
    throw new ReleaseError(
      "RELEASE_UNKNOWN",
      `${database}: expected the journal of releases, found no file`,
      {
        nextStep:
          "agentctl canary start makes it; on another machine, give access to that file. If it is lost while a release is " +
          "live: agentctl canary rollback --force --reason takes its traffic off without it.",
      },
    );
  }
  const journal = openReleaseJournal(database);
  try {
    return await work({ config, file, folder, journal });
  } finally {
    journal.close();
  }
}

/**
 * The release that a command is about: that of `id`, else the live one, else the newest.
 *
 * @throws {ReleaseError} `RELEASE_UNKNOWN` when there is none
 */
export function chosenRelease({ journal, config }: OpenService, id: string | undefined): ReleaseRecord {
  const { service } = config;
  const release =
    id === undefined
      ? (journal.live(service) ?? journal.list({ service, limit: 1 })[0] ?? null)
      : journal.get(id);
  if (release !== null && release.plan.service === service) return release;
  const wanted = id === undefined ? "a release" : `release ${id}`;
  throw new ReleaseError(
    "RELEASE_UNKNOWN",
    `service ${service}: expected ${wanted}, found none in the journal`,
    {
      nextStep: "agentctl canary history lists the releases.",
    },
  );
}
