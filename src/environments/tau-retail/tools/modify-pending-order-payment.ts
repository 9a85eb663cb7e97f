import { dumps } from "../../tau/python-json.js";
import { append, copyOf, hasKey, isEqual, isLess, item, length, numeric } from "../../tau/python-values.js";
import { argument, type TauTool } from "../../tau/tau-tool.js";
import { addToGiftCard, methodsOfOrder } from "./gift-cards.js";

export const modifyPendingOrderPayment: TauTool = {
  sideEffect: true,
  invoke: (state, args) => {
    const id = argument(args, "order_id");
    const methodId = argument(args, "payment_method_id");
    const order = state.find("orders", id);
    if (order === undefined) return "Error: order not found";
    if (item(order, "status") !== "pending") return "Error: non-pending order cannot be modified";
    const methods = methodsOfOrder(state, order);
    if (!hasKey(methods, methodId)) return "Error: payment method not found";
    const history = item(order, "payment_history");
    if (length(history) > 1 || item(item(history, 0), "transaction_type") !== "payment") {
      return "Error: there should be exactly one payment for a pending order";
    }
    const oldMethodId = item(item(history, 0), "payment_method_id");
    if (isEqual(oldMethodId, methodId)) {
      return "Error: the new payment method should be different from the current one";
    }
    const amount = numeric(item(item(history, 0), "amount"));
    const method = item(methods, methodId);
    const isGiftCard = item(method, "source") === "gift_card";
    if (isGiftCard && isLess(item(method, "balance"), amount)) {
      return "Error: insufficient gift card balance to pay for the order";
    }
    const edited = state.edit("orders", id);
    append(
      item(edited, "payment_history"),
      { transaction_type: "payment", amount, payment_method_id: copyOf(methodId) },
      { transaction_type: "refund", amount, payment_method_id: copyOf(oldMethodId) },
    );
    if (isGiftCard) addToGiftCard(state, edited, methodId, -amount);
    if (String(oldMethodId).includes("gift_card")) addToGiftCard(state, edited, oldMethodId, amount);
    return dumps(edited);
  },
};
