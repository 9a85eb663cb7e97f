/** Where an order stands; only `processing` orders can be cancelled or sent elsewhere. */
export type OrderStatus = "processing" | "shipped" | "delivered" | "cancelled";

export const CANCEL_REASONS = ["mistake", "delay", "changed_mind", "other"] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];

export const REFUND_REASONS = ["damaged", "late", "missing", "wrong_item", "returned", "other"] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

export interface OrderItem {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  /** US dollars for one piece. */
  readonly unit_price_usd: number;
}

/** One order, with the keys that the tools show. */
export interface Order {
  readonly order_id: string;
  readonly customer_id: string;
  /** ISO date. */
  readonly placed_on: string;
  readonly status: OrderStatus;
  readonly items: readonly OrderItem[];
  /** US dollars, whole cents. */
  readonly paid_usd: number;
  readonly shipping_address: string;
  /** In the order in which they were made. */
  readonly refunds: readonly { readonly amount_usd: number; readonly reason: RefundReason }[];
  /** `null` unless the order is cancelled. */
  readonly cancel_reason: CancelReason | null;
}

/** All orders by id; never mutated, a change makes a new table that shares the other orders. */
export type OrderTable = { readonly [orderId: string]: Order };

/** Most that support may refund on one order, in US dollars, over all refunds together. */
export const REFUND_CAP_USD = 100;

/** Whole cents of an amount in US dollars. */
export function toCents(amountUsd: number): number {
  return Math.round(amountUsd * 100);
}

/** Whole cents that have been refunded on an order. */
function refundedCents(order: Order): number {
  return order.refunds.reduce((sum, refund) => sum + toCents(refund.amount_usd), 0);
}

/** Whole cents that may still be refunded: up to the cap, never above what was paid, 0 when cancelled. */
export function refundableCents(order: Order): number {
  if (order.status !== "shipped" && order.status !== "delivered") return 0;
  return Math.max(0, toCents(Math.min(REFUND_CAP_USD, order.paid_usd)) - refundedCents(order));
}
