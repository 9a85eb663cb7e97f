import { contentHash } from "../../core/hash.js";
import type { Environment } from "../environment.js";
import { INITIAL_ORDERS } from "./initial-orders.js";
import { OrdersSession } from "./orders-session.js";
import { ORDERS_POLICY } from "./policy.js";
import { ORDER_TOOLS } from "./tool-specs.js";
import { ORDER_USER_TOOLS } from "./user-tools.js";

/**
 * The small order system of the starter suite: twelve orders of three customers, five tools, one signed-in
 * customer. Who may see what, the refund cap and the confirmation are enforced by the tools, not by the prompt.
 */
export function loadOrders(): Environment {
  return {
    name: "orders",
    policy: ORDERS_POLICY,
    tools: ORDER_TOOLS,
    userTools: ORDER_USER_TOOLS,
    hash: contentHash({
      policy: ORDERS_POLICY,
      tools: ORDER_TOOLS.map((tool) => tool.spec),
      orders: INITIAL_ORDERS,
    }),
    start: () => new OrdersSession(),
  };
}
