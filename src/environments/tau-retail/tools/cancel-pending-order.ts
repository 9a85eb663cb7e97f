import { dumps } from "../../tau/python-json.js";
import { append, copyOf, item, iterate, numeric, type Value } from "../../tau/python-values.js";
import { argument, type TauTool } from "../../tau/tau-tool.js";
import { addToGiftCard } from "./gift-cards.js";

const REASONS: readonly unknown[] = ["no longer needed", "ordered by mistake"];

export const cancelPendingOrder: TauTool = {
  sideEffect: true,
  invoke: (state, args) => {
    const id = argument(args, "order_id");
    const reason = argument(args, "reason");
    const order = state.find("orders", id);
    if (order === undefined) return "Error: order not found";
    if (item(order, "status") !== "pending") return "Error: non-pending order cannot be cancelled";
    if (!REASONS.includes(reason)) return "Error: invalid reason";

    const refunds: Value[] = [];
    for (const payment of iterate(item(order, "payment_history"))) {
      const methodId = item(payment, "payment_method_id");
      const amount = numeric(item(payment, "amount"));
      refunds.push({ transaction_type: "refund", amount, payment_method_id: copyOf(methodId) });
      if (String(methodId).includes("gift_card")) addToGiftCard(state, order, methodId, amount);
    }
    const edited = state.edit("orders", id);
    edited.status = "cancelled";
    edited.cancel_reason = copyOf(reason);
    append(item(edited, "payment_history"), ...refunds);
    return dumps(edited);
  },
};
