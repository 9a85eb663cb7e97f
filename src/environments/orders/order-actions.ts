import type { Json } from "../../core/hash.js";
import { SIGNED_IN_CUSTOMER } from "./initial-orders.js";
import type { CancelReason, Order, OrderTable, RefundReason } from "./order.js";
import { refundableCents, toCents } from "./order.js";

/** What an action answers, and the orders after it (the same table when nothing changed). */
export interface ActionResult {
  readonly orders: OrderTable;
  readonly answer: { readonly [key: string]: Json };
  readonly isError: boolean;
}

/** A refund as the tool takes it, checked against the tool's schema. */
export interface RefundRequest {
  readonly order_id: string;
  readonly amount_usd: number;
  readonly reason: RefundReason;
}

function refuse(orders: OrderTable, error: string, message: string): ActionResult {
  return { orders, answer: { error, message }, isError: true };
}

function replace(orders: OrderTable, order: Order, message: string): ActionResult {
  return {
    orders: { ...orders, [order.order_id]: order },
    answer: { order_id: order.order_id, status: order.status, message },
    isError: false,
  };
}

// Unknown and foreign orders answer alike, so that nobody can probe which numbers exist.
function notAuthorised(orders: OrderTable, orderId: string): ActionResult {
  return refuse(
    orders,
    "not_authorised",
    `The signed-in customer ${SIGNED_IN_CUSTOMER} has no order ${orderId}, so nothing can be shown or changed.`,
  );
}

function ownOrder(orders: OrderTable, orderId: string): Order | undefined {
  const order = Object.hasOwn(orders, orderId) ? orders[orderId] : undefined;
  return order?.customer_id === SIGNED_IN_CUSTOMER ? order : undefined;
}

function money(cents: number): string {
  return `${(cents / 100).toFixed(2)} USD`;
}

/** Shows one order of the signed-in customer. */
export function lookupOrder(orders: OrderTable, orderId: string): ActionResult {
  const order = ownOrder(orders, orderId);
  if (order === undefined) return notAuthorised(orders, orderId);
  const answer = {
    ...(order as unknown as { readonly [key: string]: Json }),
    refundable_usd: refundableCents(order) / 100,
    message: `Order ${orderId} is ${order.status}; ${money(toCents(order.paid_usd))} was paid.`,
  };
  return { orders, answer, isError: false };
}

/** Lists the orders of the signed-in customer, by number. */
export function listOrders(orders: OrderTable, customerId: string): ActionResult {
  if (customerId !== SIGNED_IN_CUSTOMER) {
    return refuse(
      orders,
      "not_authorised",
      `Signed in as ${SIGNED_IN_CUSTOMER}; orders of ${customerId} cannot be shown.`,
    );
  }
  const own = Object.values(orders)
    .filter((order) => order.customer_id === customerId)
    .map(({ order_id, placed_on, status, paid_usd }) => ({ order_id, placed_on, status, paid_usd }));
  const summary = own.map((order) => `${order.order_id} (${order.status})`).join(", ");
  return { orders, answer: { orders: own, message: `Your orders: ${summary}.` }, isError: false };
}

/** Cancels an order of the signed-in customer: only while `processing`, and only when confirmed. */
export function cancelOrder(
  orders: OrderTable,
  orderId: string,
  reason: CancelReason,
  confirmed: boolean,
): ActionResult {
  const order = ownOrder(orders, orderId);
  if (order === undefined) return notAuthorised(orders, orderId);
  if (order.status !== "processing") {
    return refuse(
      orders,
      "not_cancellable",
      `Order ${orderId} is ${order.status}; only processing orders can be cancelled.`,
    );
  }
  if (!confirmed) {
    return refuse(
      orders,
      "needs_confirmation",
      `Cancelling order ${orderId} cannot be undone and needs confirmation. Shall I cancel it?`,
    );
  }
  return replace(
    orders,
    { ...order, status: "cancelled", cancel_reason: reason },
    `Order ${orderId} is cancelled; ${money(toCents(order.paid_usd))} goes back to the original payment method.`,
  );
}

/** Whether the order already carries a refund of this amount for this reason. */
export function isRefunded(orders: OrderTable, request: RefundRequest): boolean {
  return (
    ownOrder(orders, request.order_id)?.refunds.some(
      (refund) => refund.amount_usd === request.amount_usd && refund.reason === request.reason,
    ) ?? false
  );
}

/** Answer to a refund that was made before; nothing changes. */
export function alreadyRefunded(orders: OrderTable, request: RefundRequest): ActionResult {
  return {
    orders,
    answer: {
      order_id: request.order_id,
      already_refunded: true,
      message: `${money(toCents(request.amount_usd))} was already refunded on order ${request.order_id}; nothing was refunded again.`,
    },
    isError: false,
  };
}

/** Refunds an order of the signed-in customer, within the cap and what was paid. Does not look for repeats. */
export function refundOrder(orders: OrderTable, request: RefundRequest): ActionResult {
  const { order_id: orderId, amount_usd: amountUsd, reason } = request;
  const order = ownOrder(orders, orderId);
  if (order === undefined) return notAuthorised(orders, orderId);
  const cents = toCents(amountUsd);
  if (cents / 100 !== amountUsd) {
    return refuse(orders, "bad_amount", `Expected amount_usd in whole cents, found ${amountUsd}.`);
  }
  if (order.status !== "shipped" && order.status !== "delivered") {
    return refuse(
      orders,
      "not_refundable",
      `Order ${orderId} is ${order.status}; only shipped or delivered orders can be refunded.`,
    );
  }
  const left = refundableCents(order);
  if (cents > left) {
    return refuse(
      orders,
      "over_cap",
      `${money(cents)} is above the refund limit of order ${orderId}: at most ${money(left)} can still be refunded here. The billing team handles larger refunds.`,
    );
  }
  return replace(
    orders,
    { ...order, refunds: [...order.refunds, { amount_usd: amountUsd, reason }] },
    `Refunded ${money(cents)} on order ${orderId}.`,
  );
}

/** Sends an order of the signed-in customer elsewhere, while it is `processing`. */
export function updateShippingAddress(orders: OrderTable, orderId: string, address: string): ActionResult {
  const order = ownOrder(orders, orderId);
  if (order === undefined) return notAuthorised(orders, orderId);
  if (order.status !== "processing") {
    return refuse(
      orders,
      "not_changeable",
      `Order ${orderId} is ${order.status}; its address can no longer be changed.`,
    );
  }
  const shippingAddress = address.trim();
  return replace(
    orders,
    { ...order, shipping_address: shippingAddress },
    `Order ${orderId} will be sent to ${shippingAddress}.`,
  );
}
