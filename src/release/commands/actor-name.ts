import { spawnSync } from "node:child_process";
import { UsageError } from "../../core/errors.js";
import { nameFault } from "../../core/person-name.js";

const MOST_CHARACTERS = 200;

/**
 * Who gives a command: the given name, else that of git, else that of the system's user. It stands in the journal, and
 * roles are decided by it.
 *
 * @throws {UsageError} when there is none, or a reader would take it for another one
 */
export function actorName(
  given: string | undefined,
  env: { readonly [name: string]: string | undefined },
  workingDirectory: string,
): string {
  const names = given === undefined ? [gitName(workingDirectory), env.USER, env.USERNAME] : [given];
  const found = names.find((name) => name !== undefined && name.trim() !== "") ?? "";
  const name = found.normalize("NFC").trim().replace(/\s+/g, " ");
  const fault = nameFault(name);
  if (name !== "" && name.length <= MOST_CHARACTERS && fault === null) return name;
  const wanted = `the name of a person, 1 to ${MOST_CHARACTERS} characters that can be seen`;
  throw new UsageError(
    `--actor: expected ${wanted}${fault === null ? "" : `; of the one that was found, ${fault}`}`,
    {
      nextStep: "Give --actor NAME, or set user.name of git: the journal records who did it.",
    },
  );
}

function gitName(workingDirectory: string): string | undefined {
  const options = { cwd: workingDirectory, encoding: "utf8", timeout: 2000 } as const;
  const { status, stdout } = spawnSync("git", ["config", "user.name"], options);
  return status === 0 ? stdout : undefined;
}
