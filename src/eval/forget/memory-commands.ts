import { resolve } from "node:path";
import { systemClock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import { counted } from "../../report/counted.js";
import type { MemoryList, ReceiptCheck } from "../../report/memory-documents.js";
import type { Fact } from "../../runtime/memory/fact.js";
import { findProjectFile } from "../project/find-project-file.js";
import { loadProject } from "../project/load-project.js";
import { shownPath } from "../project/shown-path.js";
import { dataFolderOf, placesOf } from "./data-places.js";
import { type FinishedDeletion, finishDeletions, forgetUser } from "./forget-user.js";
import { checkReceipt, type ReceiptUser } from "./receipt.js";
import { selectFacts, withMemory } from "./select-facts.js";
import { findUserData } from "./user-data.js";

export interface MemoryFlags {
  readonly config?: string;
  readonly user?: string;
  readonly tenant: string;
}

export interface ForgetFlags extends MemoryFlags {
  readonly fact?: string;
  readonly kind?: string;
  readonly query?: string;
  readonly yes?: boolean;
}

export type Forgotten =
  | { readonly kind: "user"; readonly deletion: FinishedDeletion }
  | {
      readonly kind: "facts";
      readonly ids: readonly string[];
      readonly facts: number;
      readonly vectors: number;
    };

/** What is remembered of a user. Deletions that were cut off are finished first. */
export async function showMemory(flags: MemoryFlags, workingDirectory: string): Promise<MemoryList> {
  const { dataFolder } = await opened(flags.config, workingDirectory);
  const user = requireUser(flags);
  const facts = withMemory(dataFolder, systemClock, (store) => store.history({ ...user, space: "" })) ?? [];
  const { sessions } = findUserData(dataFolder, user, systemClock);
  return { ...user, sessions, facts: facts.map(shownFact) };
}

/**
 * Forgets a user, or some facts.
 *
 * @throws {UsageError} without `--yes`, telling what would be removed
 */
export async function forget(flags: ForgetFlags, workingDirectory: string): Promise<Forgotten> {
  const { dataFolder, project } = await opened(flags.config, workingDirectory);
  const isSelective = flags.fact !== undefined || flags.kind !== undefined || flags.query !== undefined;
  if (isSelective) return forgetFacts(flags, dataFolder);
  const user = requireUser(flags);
  if (flags.yes !== true) {
    const { facts, sessions, conversations } = findUserData(dataFolder, user, systemClock);
    throw unconfirmed(
      `everything of ${counted(conversations.length, "conversation")} (${counted(sessions, "session")}) and ${counted(facts, "fact")}`,
    );
  }
  const context = { dataFolder, clock: systemClock };
  const { file, signed } = await forgetUser(user, placesOf(project), context);
  return { kind: "user", deletion: { file: shownPath(file, workingDirectory), signed } };
}

/** Checks a receipt against the key of the project, where there is one. */
export function verifyReceipt(file: string, flags: MemoryFlags, workingDirectory: string): ReceiptCheck {
  const hasProject = flags.config !== undefined || findProjectFile(workingDirectory) !== null;
  const folder = hasProject ? dataFolderOf(loadProject(flags.config, workingDirectory)) : null;
  const user = flags.user === undefined ? null : { tenantId: flags.tenant, userId: flags.user };
  return checkReceipt(resolve(workingDirectory, file), folder, user);
}

async function opened(config: string | undefined, workingDirectory: string) {
  const project = loadProject(config, workingDirectory);
  const dataFolder = dataFolderOf(project);
  await finishDeletions({ dataFolder, clock: systemClock });
  return { project, dataFolder };
}

function forgetFacts(flags: ForgetFlags, dataFolder: string): Forgotten {
  const { fact: id, kind, query } = flags;
  const user = id !== undefined && flags.user === undefined ? null : requireUser(flags);
  const forgotten = withMemory(dataFolder, systemClock, (store): Forgotten => {
    const { scope, facts } = selectFacts(store, {
      user,
      ...(id === undefined ? {} : { id }),
      ...(kind === undefined ? {} : { kind }),
      ...(query === undefined ? {} : { query }),
    });
    if (facts.length > 0 && flags.yes !== true) throw unconfirmed(counted(facts.length, "fact"));
    const ids = facts.map((fact) => fact.id);
    const removed = store.forget(scope, { ids });
    store.erase();
    return { kind: "facts", ids, ...removed };
  });
  return forgotten ?? { kind: "facts", ids: [], facts: 0, vectors: 0 };
}

function requireUser({ user, tenant }: MemoryFlags): ReceiptUser {
  if (user !== undefined && user !== "") return { tenantId: tenant, userId: user };
  throw new UsageError("expected --user with the id of a user, found none", {
    nextStep: "name the user as the identity of the sessions does",
  });
}

function unconfirmed(what: string): UsageError {
  return new UsageError(`nothing was removed: this would remove ${what} for good`, {
    nextStep: "repeat with --yes",
  });
}

function shownFact(fact: Fact): MemoryList["facts"][number] {
  const { id, kind, subject, attribute, text, source, observedAtMs, expiresAtMs, retiredAtMs } = fact;
  return {
    id,
    kind,
    subject,
    attribute,
    text,
    source,
    observedAt: new Date(observedAtMs).toISOString(),
    expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString(),
    isCurrent: retiredAtMs === null,
    replacedBy: fact.replacedBy,
  };
}
