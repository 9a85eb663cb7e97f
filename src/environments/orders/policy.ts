import { SIGNED_IN_CUSTOMER } from "./initial-orders.js";
import { REFUND_CAP_USD } from "./order.js";

/** Rules of the order system, as the agent reads them; the tools enforce each of them but the asking itself. */
export const ORDERS_POLICY = `# Order system

The signed-in customer is ${SIGNED_IN_CUSTOMER}.

- Work on orders of the signed-in customer only. Say nothing of other customers or their orders.
- Cancelling cannot be undone. Name the order, ask "Shall I cancel it?", and call cancel_order with
  confirmed: true only after the customer has said yes. If the customer says no, leave the order as it is.
- Orders that have shipped cannot be cancelled or sent to another address.
- Refund only shipped or delivered orders, at most ${REFUND_CAP_USD} USD per order over all refunds together and never
  more than was paid. Hand larger refunds to the billing team; do not refund a part instead unless the
  customer asks for it.
- A refund that is asked for twice is made once.
`;
