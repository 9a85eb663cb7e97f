import { dumps } from "../../tau/python-json.js";
import { copyOf, hasKey, isEqual, item } from "../../tau/python-values.js";
import { argument, type TauTool } from "../../tau/tau-tool.js";
import { methodsOfOrder } from "./gift-cards.js";
import { excessItem } from "./replacement-items.js";
import { sorted } from "./sorted.js";

/** Asks for the return; the refund comes later, outside this world. */
export const returnDeliveredOrderItems: TauTool = {
  sideEffect: true,
  invoke: (state, args) => {
    const id = argument(args, "order_id");
    const itemIds = argument(args, "item_ids");
    const methodId = argument(args, "payment_method_id");
    const order = state.find("orders", id);
    if (order === undefined) return "Error: order not found";
    if (item(order, "status") !== "delivered") return "Error: non-delivered order cannot be returned";
    if (!hasKey(methodsOfOrder(state, order), methodId)) return "Error: payment method not found";
    const isOriginal = () =>
      isEqual(methodId, item(item(item(order, "payment_history"), 0), "payment_method_id"));
    if (!String(methodId).includes("gift_card") && !isOriginal()) {
      return "Error: payment method should be either the original payment method or a gift card";
    }
    if (excessItem(order, itemIds) !== undefined) return "Error: some item not found";
    const edited = state.edit("orders", id);
    edited.status = "return requested";
    edited.return_items = sorted(itemIds);
    edited.return_payment_method_id = copyOf(methodId);
    return dumps(edited);
  },
};
