import type { Problem } from "../../../core/errors.js";
import { isTenantName, SHARED_TENANT } from "../index/tenant.js";

/** What front matter may say of a document beyond its text; each is absent when not given. */
export interface DocumentAttributes {
  /** Whose document it is; absent for one that everybody may read. */
  readonly tenant?: string;
  /** The one user who may read it, and whose deletion removes it. */
  readonly user?: string;
  /** Customer segment that it is written for, such as `enterprise`. */
  readonly segment?: string;
  /** How far its content is trusted, 0 to 1; 1 when not given. */
  readonly trust?: number;
}

export const ATTRIBUTE_KEYS = ["tenant", "user", "segment", "trust"];

/**
 * Reads the attributes of a document.
 *
 * @param folderTenant - tenant of the folder that the file lies in; absent when folders say nothing
 * @param report - takes each problem with the key that it belongs to
 */
export function readAttributes(
  values: ReadonlyMap<string, unknown>,
  folderTenant: string | undefined,
  report: (key: string, message: Problem["message"]) => void,
): DocumentAttributes {
  const own = nameOf("tenant", values, report);
  if (own !== undefined && folderTenant !== undefined && own !== folderTenant) {
    report("tenant", `"tenant" is "${own}", but the document lies in the folder of "${folderTenant}"`);
  }
  const tenant = folderTenant ?? own;
  const user = nameOf("user", values, report);
  const segment = nameOf("segment", values, report);
  const trust = trustOf(values, report);
  return {
    ...(tenant === undefined || tenant === SHARED_TENANT ? {} : { tenant }),
    ...(user === undefined ? {} : { user }),
    ...(segment === undefined ? {} : { segment }),
    ...(trust === undefined ? {} : { trust }),
  };
}

function nameOf(
  key: string,
  values: ReadonlyMap<string, unknown>,
  report: (key: string, message: string) => void,
): string | undefined {
  const value = values.get(key);
  // An empty tenant would make a private document public: only a missing key means "everybody".
  if (!values.has(key)) return undefined;
  if (typeof value === "string" && (key === "tenant" ? isTenantName(value) : value.trim() !== "")) {
    return value;
  }
  const wanted =
    key === "tenant" ? 'letters, digits, ".", "_" and "-" (64 at most, a letter or digit first)' : "a text";
  report(key, `expected "${key}" to be ${wanted}; found ${JSON.stringify(value)}`);
  return undefined;
}

function trustOf(
  values: ReadonlyMap<string, unknown>,
  report: (key: string, message: string) => void,
): number | undefined {
  const value = values.get("trust");
  if (value === undefined) return undefined;
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  report("trust", `expected "trust" to be a number from 0 to 1; found ${JSON.stringify(value)}`);
  return undefined;
}
