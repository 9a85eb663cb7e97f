import { dumps } from "../../tau/python-json.js";
import { append, copyOf, type Dict, hasKey, isLess, item } from "../../tau/python-values.js";
import { argument, type TauTool } from "../../tau/tau-tool.js";
import { addToGiftCard, methodsOfOrder } from "./gift-cards.js";
import { orderedItem, pairs, priceDifference, variantFor } from "./replacement-items.js";

export const modifyPendingOrderItems: TauTool = {
  sideEffect: true,
  invoke: (state, args) => {
    const id = argument(args, "order_id");
    const itemIds = argument(args, "item_ids");
    const newItemIds = argument(args, "new_item_ids");
    const methodId = argument(args, "payment_method_id");
    const order = state.find("orders", id);
    if (order === undefined) return "Error: order not found";
    if (item(order, "status") !== "pending") return "Error: non-pending order cannot be modified";
    const difference = priceDifference(state, order, itemIds, newItemIds);
    if (typeof difference !== "number") return difference.refusal;

    const methods = methodsOfOrder(state, order);
    if (!hasKey(methods, methodId)) return "Error: payment method not found";
    const method = item(methods, methodId);
    const isGiftCard = item(method, "source") === "gift_card";
    if (isGiftCard && isLess(item(method, "balance"), difference)) {
      return "Error: insufficient gift card balance to pay for the new item";
    }
    const edited = state.edit("orders", id);
    append(item(edited, "payment_history"), {
      transaction_type: difference > 0 ? "payment" : "refund",
      amount: Math.abs(difference),
      payment_method_id: copyOf(methodId),
    });
    if (isGiftCard) addToGiftCard(state, edited, methodId, -difference);
    for (const [itemId, newItemId] of pairs(itemIds, newItemIds)) {
      const ordered = orderedItem(edited, itemId) as Dict;
      ordered.item_id = copyOf(newItemId);
      const variant = variantFor(state, ordered, newItemId);
      ordered.price = copyOf(item(variant, "price"));
      ordered.options = copyOf(item(variant, "options"));
    }
    edited.status = "pending (item modified)";
    return dumps(edited);
  },
};
