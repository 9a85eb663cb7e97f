/** Finds the item that a row means, or says why there is none. */
export type ItemResolver = (name: string) => { readonly item: string } | { readonly problem: string };

/** Items of tables are named by the table itself. */
export const asNamed: ItemResolver = (name) => ({ item: name });
