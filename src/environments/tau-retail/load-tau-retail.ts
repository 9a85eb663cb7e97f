import type { Environment } from "../environment.js";
import { commonTools } from "../tau/common-tools.js";
import { loadTauEnvironment } from "../tau/tau-environment.js";
import { modifyPendingOrderAddress, modifyUserAddress } from "./tools/addresses.js";
import { cancelPendingOrder } from "./tools/cancel-pending-order.js";
import { exchangeDeliveredOrderItems } from "./tools/exchange-delivered-order-items.js";
import {
  findUserIdByEmail,
  findUserIdByNameZip,
  getOrderDetails,
  getProductDetails,
  getUserDetails,
  listAllProductTypes,
} from "./tools/lookups.js";
import { modifyPendingOrderItems } from "./tools/modify-pending-order-items.js";
import { modifyPendingOrderPayment } from "./tools/modify-pending-order-payment.js";
import { returnDeliveredOrderItems } from "./tools/return-delivered-order-items.js";

const tools = {
  ...commonTools,
  cancel_pending_order: cancelPendingOrder,
  exchange_delivered_order_items: exchangeDeliveredOrderItems,
  find_user_id_by_email: findUserIdByEmail,
  find_user_id_by_name_zip: findUserIdByNameZip,
  get_order_details: getOrderDetails,
  get_product_details: getProductDetails,
  get_user_details: getUserDetails,
  list_all_product_types: listAllProductTypes,
  modify_pending_order_address: modifyPendingOrderAddress,
  modify_pending_order_items: modifyPendingOrderItems,
  modify_pending_order_payment: modifyPendingOrderPayment,
  modify_user_address: modifyUserAddress,
  return_delivered_order_items: returnDeliveredOrderItems,
};

/**
 * The online shop of tau-bench: 500 users, 1,000 orders, 50 product types, 16 tools.
 *
 * @param dataDir - folder with `policy.md`, `tools.json` and `db/`
 * @throws {ConfigError} when a file is missing or has another shape
 * @see Yao et al. 2024, tau-bench, arXiv:2406.12045
 */
export function loadTauRetail(dataDir: string): Environment {
  return loadTauEnvironment({ name: "tau-retail", tables: ["orders", "products", "users"], tools }, dataDir);
}
