import type { KnowledgeDocument } from "../documents/documents.js";
import { SHARED_TENANT } from "./tenant.js";

/** For whom a superseded document is replaced by one in force: all of its readers, or those of some tenants. */
export type ReplacedFor = "everybody" | readonly string[];

/**
 * Looks for the replacements of superseded documents. A replacement counts for those who can read it: a tenant's own
 * version hides a shared document from that tenant alone, and one user's document hides nothing from others.
 *
 * @returns a function that tells, for a document of the list, from whom it is to be hidden (nobody: an empty list)
 */
export function findReplaced(
  documents: readonly KnowledgeDocument[],
): (document: KnowledgeDocument) => ReplacedFor {
  const byId = new Map<string, KnowledgeDocument[]>();
  for (const document of documents) byId.set(document.id, [...(byId.get(document.id) ?? []), document]);
  return (document) => {
    const tenants = new Set<string>();
    const seen = new Set<KnowledgeDocument>([document]);
    let next = [document];
    while (next.length > 0) {
      next = next.flatMap((old) =>
        (byId.get(old.status === "superseded" ? (old.supersededBy ?? "") : "") ?? []).filter(
          (newer) => !seen.has(newer) && replacesFor(document, newer),
        ),
      );
      for (const newer of next) {
        seen.add(newer);
        if (newer.status === "current") tenants.add(newer.tenant ?? SHARED_TENANT);
      }
    }
    const isForAll = tenants.has(SHARED_TENANT) || (document.tenant !== undefined && tenants.size > 0);
    return isForAll ? "everybody" : [...tenants];
  };
}

function replacesFor(old: KnowledgeDocument, newer: KnowledgeDocument): boolean {
  const sameUser = newer.user === undefined || newer.user === old.user;
  const commonTenant = old.tenant === undefined || newer.tenant === undefined || newer.tenant === old.tenant;
  return sameUser && commonTenant;
}

/** The items in their order, but none of a superseded document before one of a current document. */
export function currentFirst<Item extends { readonly status: KnowledgeDocument["status"] }>(
  items: readonly Item[],
): Item[] {
  return [
    ...items.filter(({ status }) => status === "current"),
    ...items.filter(({ status }) => status === "superseded"),
  ];
}
