import { dumps } from "../../tau/python-json.js";
import { roundToCents } from "../../tau/python-number.js";
import { copyOf, hasKey, isLess, item } from "../../tau/python-values.js";
import { argument, type TauTool } from "../../tau/tau-tool.js";
import { methodsOfOrder } from "./gift-cards.js";
import { priceDifference } from "./replacement-items.js";
import { sorted } from "./sorted.js";

/** Asks for the exchange; money and items move later, outside this world. */
export const exchangeDeliveredOrderItems: TauTool = {
  sideEffect: true,
  invoke: (state, args) => {
    const id = argument(args, "order_id");
    const itemIds = argument(args, "item_ids");
    const newItemIds = argument(args, "new_item_ids");
    const methodId = argument(args, "payment_method_id");
    const order = state.find("orders", id);
    if (order === undefined) return "Error: order not found";
    if (item(order, "status") !== "delivered") return "Error: non-delivered order cannot be exchanged";
    const difference = priceDifference(state, order, itemIds, newItemIds);
    if (typeof difference !== "number") return difference.refusal;
    const rounded = roundToCents(difference);

    const methods = methodsOfOrder(state, order);
    if (!hasKey(methods, methodId)) return "Error: payment method not found";
    const method = item(methods, methodId);
    if (item(method, "source") === "gift_card" && isLess(item(method, "balance"), rounded)) {
      return "Error: insufficient gift card balance to pay for the price difference";
    }
    const edited = state.edit("orders", id);
    edited.status = "exchange requested";
    edited.exchange_items = sorted(itemIds);
    edited.exchange_new_items = sorted(newItemIds);
    edited.exchange_payment_method_id = copyOf(methodId);
    edited.exchange_price_difference = rounded;
    return dumps(edited);
  },
};
