import { openSqliteStore } from "../sqlite-store.js";
import type { Store } from "../store.js";

/** A store as the contract suite wants it. */
export function openTestStore(location: string): Store {
  return openSqliteStore(location, { successMetric: "task_success" });
}
