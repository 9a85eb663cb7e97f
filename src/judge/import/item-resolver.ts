import type { Subject } from "../../core/judgement.js";

/** Finds the item that a row means, with what is known of it beside the row; or says why there is none. */
export type ItemResolver = (name: string) => ResolvedItem | { readonly problem: string };

export interface ResolvedItem {
  readonly item: string;
  /** `null`: what the row says is all that is known. */
  readonly subject: Subject | null;
}

/** Items of tables are named by the table itself. */
export const asNamed: ItemResolver = (name) => ({ item: name, subject: null });
