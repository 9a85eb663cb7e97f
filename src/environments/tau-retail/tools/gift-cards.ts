import type { Json } from "../../../core/hash.js";
import { roundToCents } from "../../tau/python-number.js";
import { type Dict, item, numeric, type ReadonlyDict } from "../../tau/python-values.js";
import type { TauState } from "../../tau/tau-state.js";

/** The payment methods of the user who placed an order. */
export function methodsOfOrder(state: TauState, order: ReadonlyDict): Json {
  return item(state.get("users", item(order, "user_id")), "payment_methods");
}

/**
 * Adds to the balance of a gift card of the user who placed the order.
 *
 * @param amount - US dollars, negative to take away
 */
export function addToGiftCard(state: TauState, order: ReadonlyDict, methodId: Json, amount: number): void {
  const userId = item(order, "user_id");
  item(methodsOfOrder(state, order), methodId);
  const method = item(item(state.edit("users", userId), "payment_methods"), methodId) as Dict;
  method.balance = roundToCents(numeric(item(method, "balance")) + amount);
}
