import type { Order, OrderItem, OrderStatus, OrderTable } from "./order.js";

/** The customer who is signed in, in every session. */
export const SIGNED_IN_CUSTOMER = "C-1001";

const CATALOGUE = {
  "HUB-2": { name: "Brindlewick Hub", price: 149 },
  "SOIL-1": { name: "Soil Sensor", price: 39 },
  "RAIN-1": { name: "Rain Gauge", price: 59.5 },
  "WIND-1": { name: "Wind Vane", price: 84.25 },
  "BATT-4": { name: "Battery Pack", price: 12.4 },
  "MAST-1": { name: "Mounting Mast", price: 27 },
} as const;

type Sku = keyof typeof CATALOGUE;

function order(
  orderId: string,
  customerId: string,
  placedOn: string,
  status: OrderStatus,
  lines: readonly (readonly [Sku, number])[],
  address: string,
): Order {
  const items: OrderItem[] = lines.map(([sku, quantity]) => ({
    sku,
    name: CATALOGUE[sku].name,
    quantity,
    unit_price_usd: CATALOGUE[sku].price,
  }));
  const paidCents = items.reduce(
    (sum, item) => sum + Math.round(item.unit_price_usd * 100) * item.quantity,
    0,
  );
  return {
    order_id: orderId,
    customer_id: customerId,
    placed_on: placedOn,
    status,
    items,
    paid_usd: paidCents / 100,
    shipping_address: address,
    refunds: [],
    cancel_reason: status === "cancelled" ? "changed_mind" : null,
  };
}

const HOME = "14 Alder Row, Portland, OR 97205";
const OFFICE = "220 Quay Street, Portland, OR 97209";

const ORDERS: readonly Order[] = [
  order("A-1042", "C-1001", "2026-11-18", "processing", [["SOIL-1", 2]], HOME),
  order("A-1043", "C-1001", "2026-11-16", "shipped", [["RAIN-1", 1]], HOME),
  order("A-1047", "C-1001", "2026-11-02", "delivered", [["WIND-1", 1]], HOME),
  order(
    "A-1051",
    "C-1001",
    "2026-10-28",
    "delivered",
    [
      ["HUB-2", 1],
      ["SOIL-1", 2],
    ],
    HOME,
  ),
  order("A-1055", "C-1001", "2026-10-09", "delivered", [["BATT-4", 3]], OFFICE),
  order(
    "A-1060",
    "C-1001",
    "2026-11-19",
    "processing",
    [
      ["HUB-2", 1],
      ["MAST-1", 1],
    ],
    OFFICE,
  ),
  order("A-1063", "C-1001", "2026-09-30", "cancelled", [["MAST-1", 2]], HOME),
  order("A-1068", "C-1001", "2026-11-20", "processing", [["BATT-4", 1]], HOME),
  order("A-2017", "C-1002", "2026-11-17", "processing", [["WIND-1", 2]], "9 Harbour Lane, Bergen 5003"),
  order("A-2020", "C-1002", "2026-11-05", "delivered", [["SOIL-1", 1]], "9 Harbour Lane, Bergen 5003"),
  order("A-2031", "C-1003", "2026-11-12", "shipped", [["HUB-2", 1]], "71 Mill Road, Leeds LS1 4AP"),
  order("A-2044", "C-1003", "2026-10-22", "delivered", [["RAIN-1", 2]], "71 Mill Road, Leeds LS1 4AP"),
];

/** The orders at the start of every session. */
export const INITIAL_ORDERS: OrderTable = Object.fromEntries(ORDERS.map((row) => [row.order_id, row]));
