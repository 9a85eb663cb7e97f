import { Ajv, type ValidateFunction } from "ajv";
import type { ExpectedToolCall } from "../../core/golden-case.js";
import { canonicalJson, type Json, sha256 } from "../../core/hash.js";
import type { EnvironmentCheck } from "../../core/trial.js";
import { checkEnd } from "../check-end.js";
import type { EnvironmentSession, ToolOutcome } from "../environment.js";
import { jsonDifferences } from "../json-differences.js";
import { INITIAL_ORDERS } from "./initial-orders.js";
import type { CancelReason, OrderTable } from "./order.js";
import {
  type ActionResult,
  alreadyRefunded,
  cancelOrder,
  isRefunded,
  listOrders,
  lookupOrder,
  type RefundRequest,
  refundOrder,
  updateShippingAddress,
} from "./order-actions.js";
import { ORDER_TOOLS } from "./tool-specs.js";
import { runUserTool } from "./user-tools.js";

const MAX_DIFFERENCES = 20;

const ajv = new Ajv({ allErrors: true });
const validators: ReadonlyMap<string, ValidateFunction> = new Map(
  ORDER_TOOLS.map((tool) => [tool.spec.name, ajv.compile(tool.spec.parameters)]),
);

function errorOutcome(error: string, message: string): ToolOutcome {
  return { content: canonicalJson({ error, message }), isError: true };
}

/** One trial's order system: an immutable table that each change replaces. */
export class OrdersSession implements EnvironmentSession {
  private orders: OrderTable = INITIAL_ORDERS;
  // Kept out of the state: two agents that refund the same must end in the same state, whatever their keys.
  private readonly requestByKey = new Map<string, string>();

  call(name: string, args: { readonly [key: string]: Json }): ToolOutcome {
    const validate = validators.get(name);
    if (validate === undefined) {
      return errorOutcome(
        "unknown_tool",
        `No tool "${name}"; expected one of ${[...validators.keys()].join(", ")}.`,
      );
    }
    if (!validate(args)) {
      const wrong = ajv.errorsText(validate.errors, { dataVar: "arguments" });
      return errorOutcome("bad_arguments", `${name}: ${wrong}.`);
    }
    const result = this.run(name, args);
    this.orders = result.orders;
    return { content: canonicalJson(result.answer), isError: result.isError };
  }

  callAsUser(name: string): ToolOutcome {
    return runUserTool(this.orders, name);
  }

  stateHash(): string {
    return sha256(canonicalJson(this.orders));
  }

  check(
    expected: { readonly actions: readonly ExpectedToolCall[] | null; readonly outputs: readonly string[] },
    replies: readonly string[],
  ): EnvironmentCheck {
    const gold = expected.actions === null ? null : new OrdersSession();
    for (const action of expected.actions ?? []) gold?.call(action.name, action.args);
    return checkEnd(
      expected.outputs,
      replies,
      this.stateHash(),
      gold === null
        ? null
        : {
            hash: gold.stateHash(),
            differences: () => jsonDifferences(asJson(this.orders), asJson(gold.orders), MAX_DIFFERENCES),
          },
    );
  }

  // The casts below hold because the tool's schema has accepted the arguments.
  private run(name: string, args: { readonly [key: string]: Json }): ActionResult {
    const orderId = args.order_id as string;
    switch (name) {
      case "lookup_order":
        return lookupOrder(this.orders, orderId);
      case "list_orders":
        return listOrders(this.orders, args.customer_id as string);
      case "cancel_order":
        return cancelOrder(this.orders, orderId, args.reason as CancelReason, args.confirmed === true);
      case "refund_order": {
        const { order_id, amount_usd, reason } = args as unknown as RefundRequest;
        return this.refund({ order_id, amount_usd, reason }, args.idempotency_key as string | undefined);
      }
      case "update_shipping_address":
        return updateShippingAddress(this.orders, orderId, args.address as string);
      default:
        throw new Error(`tool "${name}" has a schema and no action`);
    }
  }

  private refund(request: RefundRequest, key: string | undefined): ActionResult {
    if (key === undefined) {
      return isRefunded(this.orders, request)
        ? alreadyRefunded(this.orders, request)
        : refundOrder(this.orders, request);
    }
    const fingerprint = canonicalJson(request);
    const earlier = this.requestByKey.get(key);
    if (earlier === fingerprint) return alreadyRefunded(this.orders, request);
    if (earlier !== undefined) {
      const message = `idempotency_key "${key}" belongs to a refund of another order, amount or reason; use a new key.`;
      return { orders: this.orders, answer: { error: "key_reused", message }, isError: true };
    }
    const result = refundOrder(this.orders, request);
    if (!result.isError) this.requestByKey.set(key, fingerprint);
    return result;
  }
}

function asJson(orders: OrderTable): Json {
  return orders as unknown as Json;
}
