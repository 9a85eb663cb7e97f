import { existsSync } from "node:fs";
import type { Clock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import { didYouMean, listNames } from "../../core/nearest.js";
import { FACT_KINDS, type Fact, type FactKind, keyOf, type MemoryScope } from "../../runtime/memory/fact.js";
import { memoryFile } from "../../runtime/memory/memory-database.js";
import { type MemoryStore, openMemoryStore } from "../../runtime/memory/memory-store.js";

/** Which facts: those that match everything that is given. */
export interface FactSelection {
  /** `null`: the user whose fact it is. */
  readonly user: { readonly tenantId: string; readonly userId: string } | null;
  readonly id?: string;
  readonly kind?: string;
  /** Facts that hold each of its words, whatever their case. */
  readonly query?: string;
}

/** Facts that were found, current ones and history, and whose they are. */
export interface SelectedFacts {
  readonly scope: MemoryScope;
  readonly facts: readonly Fact[];
}

/** Opens the memory of a project, hands it to `use` and closes it; `null` when there is none. */
export function withMemory<T>(dataFolder: string, clock: Clock, use: (store: MemoryStore) => T): T | null {
  const file = memoryFile(dataFolder);
  if (!existsSync(file)) return null;
  const store = openMemoryStore(file, clock);
  try {
    return use(store);
  } finally {
    store.close();
  }
}

/**
 * Finds facts to forget.
 *
 * @throws {UsageError} when there is no such kind, or no fact of the id
 */
export function selectFacts(store: MemoryStore, { user, id, kind, query }: FactSelection): SelectedFacts {
  if (kind !== undefined && !FACT_KINDS.includes(kind as FactKind)) {
    throw new UsageError(
      `--kind ${kind}: expected one of ${listNames(FACT_KINDS)}${didYouMean(kind, FACT_KINDS)}`,
    );
  }
  const scope = user === null ? store.ownerOf(id ?? "") : { ...user, space: "" };
  if (scope === null) throw unknownFact(id);
  const words = keyOf(query ?? "")
    .split(" ")
    .filter((word) => word !== "");
  const facts = store.history(scope).filter((fact) => {
    const text = keyOf(`${fact.subject} ${fact.attribute} ${fact.text}`);
    return (
      (id === undefined || fact.id === id) &&
      (kind === undefined || fact.kind === kind) &&
      words.every((word) => text.includes(word))
    );
  });
  if (facts.length === 0 && id !== undefined) throw unknownFact(id);
  return { scope, facts };
}

function unknownFact(id = ""): UsageError {
  return new UsageError(`--fact ${id}: there is no such fact`, {
    nextStep: "`agentctl memory show --user <id>` lists the facts of a user",
  });
}
