import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Clock } from "../../core/clock.js";
import { StoreError } from "../../core/errors.js";
import { sleepFor } from "../../models/retry.js";
import { memoryFile } from "../../runtime/memory/memory-database.js";
import { openMemoryStore } from "../../runtime/memory/memory-store.js";
import { openIndex } from "../../runtime/retrieval/index/open-index.js";
import { SHARED_TENANT } from "../../runtime/retrieval/index/tenant.js";
import { conversationFile } from "../../runtime/session/conversation-database.js";
import { openSessionStore } from "../../runtime/session/sqlite-session-store.js";
import { judgementFile, openJudgementStore } from "../../store/judgement-store.js";
import { openSqliteStore } from "../../store/sqlite-store.js";
import { eraseDeleted } from "../../store/sqlite-wal.js";
import type { DeletionIntent } from "./deletion-intent.js";
import { removeExports } from "./forget-files.js";
import { holdsDocuments, indexFolders } from "./indexed-documents.js";
import { mentionsOf, mentionsOfItems } from "./mentions.js";
import { withConversations } from "./user-data.js";

/** How much was removed, by kind. */
type Removed = { readonly [kind: string]: number };

export interface DeletionScene {
  readonly dataFolder: string;
  readonly intent: DeletionIntent;
  readonly clock: Clock;
}

const BUSY_MS = 10_000;
const INDEX_WAIT_MS = 100;
const INDEX_ATTEMPTS = 300;

/**
 * The stores, in the order in which they are emptied: what names conversations first, the conversations themselves last,
 * so that a deletion that was cut off still finds what it needs. Each step may be done again.
 */
export const deletionSteps: readonly {
  readonly store: string;
  readonly run: (scene: DeletionScene) => Removed | Promise<Removed>;
}[] = [
  { store: "exports", run: eraseExports },
  { store: "run history", run: eraseHistory },
  { store: "labels and verdicts", run: eraseJudgements },
  { store: "retrieval indexes", run: eraseIndexes },
  { store: "memory", run: eraseMemory },
  { store: "conversations", run: eraseConversations },
];

function eraseExports({ dataFolder, intent }: DeletionScene): Removed {
  const { conversations, savedCases, items, places } = intent;
  const conversation = mentionsOf(conversations);
  const record = mentionsOf([...conversations, ...savedCases]);
  const judged = mentionsOfItems(items);
  const any = (text: string) => record(text) || judged(text);
  return { ...removeExports(dataFolder, places, { conversation, any }) };
}

function eraseHistory({ dataFolder, intent }: DeletionScene): Removed {
  const file = resolve(dataFolder, intent.places.history);
  if (!existsSync(file)) return {};
  const store = openSqliteStore(file);
  try {
    return { ...store.erase(mentionsOf(intent.conversations)) };
  } finally {
    store.close();
  }
}

function eraseJudgements({ dataFolder, intent }: DeletionScene): Removed {
  const file = judgementFile(dataFolder);
  if (!existsSync(file)) return {};
  const conversation = mentionsOf(intent.conversations);
  const judged = mentionsOfItems(intent.items);
  const store = openJudgementStore(file);
  try {
    return { ...store.erase((json) => conversation(json) || judged(json)) };
  } finally {
    store.close();
  }
}

async function eraseIndexes({ dataFolder, intent }: DeletionScene): Promise<Removed> {
  let documents = 0;
  for (const folder of indexFolders(dataFolder)) documents += await eraseIndex(folder, intent);
  return { documents };
}

async function eraseIndex(folder: string, { tenantId, userId }: DeletionIntent): Promise<number> {
  const index = await openIndex({
    folder,
    settings: { chunkWords: 1, overlapWords: 0, hashedDimensions: null, dedicatedFrom: 1 },
    embedding: null,
    pipeline: {
      embedderFor: () => null,
      vectorsAreSemantic: false,
      reranker: null,
      rewriter: null,
      settings: {
        methods: ["bm25"],
        candidates: 1,
        rrfK: 1,
        rerankTop: 1,
        mmrLambda: null,
        lexicalRange: [0, 1],
        cosineRange: [0, 1],
        onFailure: "error",
      },
    },
    duty: 1,
  });
  try {
    let deleted = 0;
    // A document of the user that is no tenant's own is theirs too.
    for (const tenant of [tenantId, SHARED_TENANT]) {
      for (let attempt = 1; holdsDocuments(folder, tenant, userId); attempt += 1) {
        const result = await index.deleteDocuments({ tenant, user: userId });
        if (result.outcome === "swapped") deleted += result.deleted;
        else if (attempt === INDEX_ATTEMPTS) {
          throw new StoreError(result.reason, {
            nextStep: "Repeat when it has ended: what is done stays done.",
          });
        } else await sleepFor(INDEX_WAIT_MS, new AbortController().signal);
      }
    }
    return deleted;
  } finally {
    await index.close();
  }
}

function eraseMemory({ dataFolder, intent, clock }: DeletionScene): Removed {
  const file = memoryFile(dataFolder);
  if (!existsSync(file)) return {};
  const store = openMemoryStore(file, clock);
  try {
    const { tenantId, userId } = intent;
    const removed = store.forget({ tenantId, userId, space: "" }, {});
    store.erase();
    return { ...removed };
  } finally {
    store.close();
  }
}

function eraseConversations(scene: DeletionScene): Removed {
  const { dataFolder, intent, clock } = scene;
  const file = conversationFile(dataFolder);
  if (!existsSync(file)) return {};
  const store = openSessionStore(file, { clock });
  try {
    const removed = { ...store.deleteUser(intent.tenantId, intent.userId) };
    withConversations(dataFolder, (database) => eraseDeleted(database, file, BUSY_MS), undefined);
    // A chat may have ended and learned something since the memory was emptied; from now on it is refused.
    const { facts: late = 0 } = eraseMemory(scene);
    return late === 0 ? removed : { ...removed, facts: late };
  } finally {
    store.close();
  }
}
