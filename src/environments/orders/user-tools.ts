import { canonicalJson } from "../../core/hash.js";
import type { EnvironmentTool, ToolOutcome } from "../environment.js";
import { SIGNED_IN_CUSTOMER } from "./initial-orders.js";
import type { OrderTable } from "./order.js";

const READ_EMAILS = "read_order_emails";

/** What simulated customers can do themselves: look into their mailbox. */
export const ORDER_USER_TOOLS: readonly EnvironmentTool[] = [
  {
    spec: {
      name: READ_EMAILS,
      description: "Read your order confirmations: number, date, items and price of each of your orders.",
      parameters: { type: "object", properties: {}, required: [], additionalProperties: false },
    },
    sideEffect: false,
    ends: false,
  },
];

/** Runs a tool of the customer on the orders as they are. */
export function runUserTool(orders: OrderTable, name: string): ToolOutcome {
  if (name !== READ_EMAILS) {
    const message = `No tool "${name}"; expected ${READ_EMAILS}.`;
    return { content: canonicalJson({ error: "unknown_tool", message }), isError: true };
  }
  const emails = Object.values(orders)
    .filter((order) => order.customer_id === SIGNED_IN_CUSTOMER)
    .map(({ order_id, placed_on, items, paid_usd }) => ({
      order_id,
      placed_on,
      items: items.map((item) => `${item.quantity} × ${item.name}`),
      paid_usd,
    }));
  return { content: canonicalJson({ emails }), isError: false };
}
