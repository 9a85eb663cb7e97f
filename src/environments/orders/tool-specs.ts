import type { JsonSchema, ToolSpec } from "../../core/message.js";
import type { EnvironmentTool } from "../environment.js";
import { CANCEL_REASONS, REFUND_CAP_USD, REFUND_REASONS } from "./order.js";

const ORDER_ID = {
  type: "string",
  pattern: "^A-[0-9]{4}$",
  description: "Order number, such as A-1042.",
} as const;

function tool(
  sideEffect: boolean,
  name: string,
  description: string,
  properties: { readonly [key: string]: JsonSchema },
  required: readonly string[],
): EnvironmentTool {
  const spec: ToolSpec = {
    name,
    description,
    parameters: { type: "object", properties, required, additionalProperties: false },
  };
  return { spec, sideEffect, ends: false };
}

/** The tools of the order system, in the order in which a model sees them. */
export const ORDER_TOOLS: readonly EnvironmentTool[] = [
  tool(
    false,
    "lookup_order",
    "Look up the status, items, price and delivery address of one order.",
    { order_id: ORDER_ID },
    ["order_id"],
  ),
  tool(
    false,
    "list_orders",
    "List all orders of the signed-in customer.",
    {
      customer_id: {
        type: "string",
        pattern: "^C-[0-9]{4}$",
        description: "Customer number of the signed-in customer, such as C-1001.",
      },
    },
    ["customer_id"],
  ),
  tool(
    true,
    "cancel_order",
    "Cancel an order that has not shipped. Cannot be undone: ask the customer to confirm first.",
    {
      order_id: ORDER_ID,
      reason: { type: "string", enum: CANCEL_REASONS, description: "Why the customer cancels." },
      confirmed: {
        type: "boolean",
        description: "True only after the customer has said yes to cancelling this order.",
      },
    },
    ["order_id", "reason"],
  ),
  tool(
    true,
    "refund_order",
    `Refund part or all of a shipped or delivered order, at most ${REFUND_CAP_USD} USD per order. The same order, amount and reason is refunded once; a new idempotency_key asks for one more.`,
    {
      order_id: ORDER_ID,
      amount_usd: {
        type: "number",
        exclusiveMinimum: 0,
        description: "US dollars, at most two decimals.",
      },
      reason: { type: "string", enum: REFUND_REASONS, description: "Why the customer gets money back." },
      idempotency_key: {
        type: "string",
        minLength: 1,
        maxLength: 64,
        description: "The same key never refunds twice.",
      },
    },
    ["order_id", "amount_usd", "reason"],
  ),
  tool(
    true,
    "update_shipping_address",
    "Change the delivery address of an order that has not shipped.",
    {
      order_id: ORDER_ID,
      address: { type: "string", minLength: 8, maxLength: 200, description: "The whole new address." },
    },
    ["order_id", "address"],
  ),
];
