import type { DocumentAttributes } from "../documents/document-attributes.js";

/** Owner of documents that every tenant may read; not a tenant of its own. */
export const SHARED_TENANT = "shared";

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;

/**
 * Whether a text may name a tenant. Names are compared code unit by code unit: no folding of case, width or
 * accents, so that two names that only look alike are two tenants.
 */
export function isTenantName(text: string): boolean {
  return NAME.test(text) && text.normalize("NFC") === text;
}

/** Who asks. Anything but the exact name of a tenant reads shared documents only. */
export interface Reader {
  readonly tenant: string | null;
  readonly user: string | null;
}

/** Whether a reader may see a document. */
export function mayRead(reader: Reader, document: Pick<DocumentAttributes, "tenant" | "user">): boolean {
  const { tenant = SHARED_TENANT, user } = document;
  if (tenant !== SHARED_TENANT && tenant !== reader.tenant) return false;
  return user === undefined || user === reader.user;
}
