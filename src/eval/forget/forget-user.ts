import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { Clock } from "../../core/clock.js";
import { StoreError } from "../../core/errors.js";
import { renderDocument } from "../../report/json-document.js";
import type { DeletionReceipt } from "../../report/memory-documents.js";
import { memoryFile } from "../../runtime/memory/memory-database.js";
import { takeBuildLock } from "../../runtime/retrieval/index/generations.js";
import { conversationFile } from "../../runtime/session/conversation-database.js";
import { agentctlVersion } from "../project/agentctl-version.js";
import { scanFiles } from "./byte-scan.js";
import type { DataPlaces } from "./data-places.js";
import {
  type DeletionIntent,
  intentFolder,
  readIntents,
  removeIntent,
  writeDurably,
  writeIntent,
} from "./deletion-intent.js";
import { deletionSteps } from "./deletion-steps.js";
import { filesBelow } from "./files-below.js";
import { savedCasesOf } from "./forget-files.js";
import { judgedItemsOf } from "./judged-items.js";
import { mentionsOf } from "./mentions.js";
import { piecesOfOthers } from "./others-texts.js";
import { hashedUser, type ReceiptFacts, type ReceiptUser, readReceipt, signReceipt } from "./receipt.js";
import { refuseWhileEvalsRun } from "./running-evals.js";
import { findUserData } from "./user-data.js";

export interface DeletionContext {
  readonly dataFolder: string;
  readonly clock: Clock;
  /** Told of each point that a deletion passes, in order; for tests that end the process there. */
  readonly onPoint?: (point: string) => void;
}

/** A deletion that was done. */
export interface FinishedDeletion {
  /** Path of the receipt. */
  readonly file: string;
  readonly signed: DeletionReceipt;
}

/**
 * Deletes what there is of a user: exports, traces, documents, memory, sessions and ledger. What is to be done is written
 * down first, so that a deletion that was cut off is finished by the next {@link finishDeletions}.
 *
 * @throws {StoreError} when a store cannot be written, or an eval or another deletion is at work; it can be repeated then
 */
export async function forgetUser(
  user: ReceiptUser,
  places: DataPlaces,
  context: DeletionContext,
): Promise<FinishedDeletion> {
  const { dataFolder, clock, onPoint } = context;
  return underLock(dataFolder, async () => {
    refuseWhileEvalsRun(resolve(dataFolder, places.history));
    const { conversations } = findUserData(dataFolder, user, clock);
    const intent: DeletionIntent = {
      id: randomUUID(),
      ...user,
      requestedAtMs: clock.now(),
      conversations: [...conversations],
      savedCases: [...savedCasesOf(dataFolder, places, mentionsOf(conversations))],
      items: [],
      places: {
        project: places.project,
        history: places.history,
        exports: [...places.exports],
        datasets: [...places.datasets],
        recordings: [...places.recordings],
      },
      interruptions: 0,
      removed: {},
    };
    onPoint?.("before the intent");
    writeIntent(dataFolder, intent);
    return complete(intent, context);
  });
}

/**
 * Finishes deletions that were cut off, if there are any.
 *
 * @throws {StoreError} as {@link forgetUser}
 */
export async function finishDeletions(context: DeletionContext): Promise<readonly FinishedDeletion[]> {
  const { dataFolder } = context;
  if (readIntents(dataFolder).length === 0) return [];
  return underLock(dataFolder, async () => {
    const finished: FinishedDeletion[] = [];
    for (const found of readIntents(dataFolder)) {
      const intent = { ...found, interruptions: found.interruptions + 1 };
      writeIntent(dataFolder, intent);
      finished.push(await complete(intent, context));
    }
    return finished;
  });
}

async function underLock<T>(dataFolder: string, work: () => Promise<T>): Promise<T> {
  const folder = intentFolder(dataFolder);
  mkdirSync(folder, { recursive: true });
  const unlock = takeBuildLock(folder);
  if (unlock === null) {
    throw new StoreError(`${folder}: another process is deleting`, { nextStep: "Repeat when it has ended." });
  }
  try {
    return await work();
  } finally {
    unlock();
  }
}

async function complete(begun: DeletionIntent, context: DeletionContext): Promise<FinishedDeletion> {
  const { dataFolder, clock, onPoint } = context;
  const folder = join(dataFolder, "receipts");
  const given = earlierReceipt(folder, begun.id);
  if (given !== null) {
    removeIntent(dataFolder, begun);
    return given;
  }
  const history = resolve(dataFolder, begun.places.history);
  refuseWhileEvalsRun(history);
  let intent = begun;
  // Read anew, as the process that began may be gone: conversations are deleted last.
  const { pieces, conversations } = findUserData(dataFolder, intent, clock);
  intent = { ...intent, conversations: [...new Set([...intent.conversations, ...conversations])] };
  const items = judgedItemsOf(dataFolder, intent.places.history, intent);
  intent = { ...intent, items: [...new Set([...intent.items, ...items])] };
  for (const { store, run } of deletionSteps) {
    onPoint?.(`before ${store}`);
    const removed = await run({ dataFolder, intent, clock });
    onPoint?.(`after ${store}`);
    intent = { ...intent, removed: { ...intent.removed, [store]: sum(intent.removed[store], removed) } };
    writeIntent(dataFolder, intent);
  }
  // One that began meanwhile may have read a golden set as it was.
  refuseWhileEvalsRun(history);
  onPoint?.("before the receipt");
  const signed = signReceipt(dataFolder, factsOf(intent, pieces, context));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${signed.receipt.completedAt.slice(0, 10)}-${intent.id}.json`);
  writeDurably(file, renderDocument("deletion-receipt", signed));
  onPoint?.("after the receipt");
  removeIntent(dataFolder, intent);
  return { file, signed };
}

/** The receipt of a deletion that was cut off right behind it. */
function earlierReceipt(folder: string, id: string): FinishedDeletion | null {
  const file = filesBelow(folder).find((path) => path.endsWith(`-${id}.json`));
  return file === undefined ? null : { file, signed: readReceipt(file) };
}

function factsOf(
  intent: DeletionIntent,
  pieces: readonly string[],
  { dataFolder, clock }: DeletionContext,
): ReceiptFacts {
  const { project, exports } = intent.places;
  const folders = [dataFolder, ...[project, ...exports].map((folder) => resolve(dataFolder, folder))];
  const { files, bytes, patterns, hits } = scanFiles(folders, pieces);
  const shared = piecesOfOthers(dataFolder, [...new Set(hits.map(({ text }) => text))]);
  const left = hits.filter(({ file, text }) => !(shared.has(text) && isDatabase(dataFolder, file)));
  return {
    id: intent.id,
    user: hashedUser(intent),
    requestedAt: new Date(intent.requestedAtMs).toISOString(),
    completedAt: new Date(clock.now()).toISOString(),
    interruptions: intent.interruptions,
    stores: deletionSteps.map(({ store }) => ({ store, removed: { ...intent.removed[store] } })),
    verification: {
      files,
      bytes,
      texts: pieces.length,
      patterns,
      sharedTexts: shared.size,
      filesWithHits: [...new Set(left.map(({ file }) => relative(resolve(dataFolder, project), file)))],
    },
    agentctlVersion: agentctlVersion,
  };
}

/** The databases that deletions empty row by row; where else a text stands, nobody can tell whose it is. */
function isDatabase(dataFolder: string, file: string): boolean {
  const name = relative(dataFolder, file);
  return (
    [conversationFile(""), memoryFile("")].some((one) => name.startsWith(one)) ||
    name.startsWith(`index${sep}`)
  );
}

function sum(
  earlier: { readonly [kind: string]: number } = {},
  removed: { readonly [kind: string]: number },
): Record<string, number> {
  const total = { ...earlier };
  for (const [kind, count] of Object.entries(removed)) total[kind] = (total[kind] ?? 0) + count;
  return total;
}
