import type { Json } from "../../../core/hash.js";
import { PythonError } from "../../tau/python-error.js";
import {
  count,
  hasKey,
  isEqual,
  item,
  iterate,
  length,
  numeric,
  type ReadonlyDict,
  str,
  type Value,
} from "../../tau/python-values.js";
import type { TauState } from "../../tau/tau-state.js";

/** The item that the order holds more copies of in the request than in itself, if any. */
export function excessItem(order: ReadonlyDict, itemIds: Json): Json | undefined {
  const ordered = iterate(item(order, "items")).map((entry) => item(entry, "item_id"));
  return iterate(itemIds).find((itemId) => count(itemIds, itemId) > count(ordered, itemId));
}

/** The first item of the order with this id. */
export function orderedItem(order: { readonly [key: string]: Value }, itemId: Json): Value;
export function orderedItem(order: ReadonlyDict, itemId: Json): Json;
export function orderedItem(order: ReadonlyDict, itemId: Json): Json {
  const found = iterate(item(order, "items")).find((entry) => isEqual(item(entry, "item_id"), itemId));
  if (found === undefined) throw new PythonError("list index out of range");
  return found;
}

/** The variant `newItemId` of the product that an ordered item belongs to. */
export function variantFor(state: TauState, ordered: Json, newItemId: Json): Json {
  return item(item(state.get("products", item(ordered, "product_id")), "variants"), newItemId);
}

/** Pairs of old and new item, as Python's `zip`. */
export function pairs(itemIds: Json, newItemIds: Json): readonly (readonly [Json, Json])[] {
  const replacements = iterate(newItemIds);
  return iterate(itemIds)
    .slice(0, replacements.length)
    .map((itemId, index) => [itemId, replacements[index] ?? null] as const);
}

/**
 * Price of the new items less price of the old ones, US dollars, not rounded; or why the items cannot be
 * replaced.
 */
export function priceDifference(
  state: TauState,
  order: ReadonlyDict,
  itemIds: Json,
  newItemIds: Json,
): number | { readonly refusal: string } {
  const excess = excessItem(order, itemIds);
  if (excess !== undefined) return { refusal: `Error: ${str(excess)} not found` };
  if (length(itemIds) !== length(newItemIds)) {
    return { refusal: "Error: the number of items to be exchanged should match" };
  }
  let difference = 0;
  for (const [itemId, newItemId] of pairs(itemIds, newItemIds)) {
    const ordered = orderedItem(order, itemId);
    const variants = item(state.get("products", item(ordered, "product_id")), "variants");
    if (!hasKey(variants, newItemId) || item(item(variants, newItemId), "available") !== true) {
      return { refusal: `Error: new item ${str(newItemId)} not found or available` };
    }
    difference += numeric(item(item(variants, newItemId), "price")) - numeric(item(ordered, "price"));
  }
  return difference;
}
