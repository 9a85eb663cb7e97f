import { dumps } from "../../tau/python-json.js";
import { isEqual, item, lower } from "../../tau/python-values.js";
import { argument, type TauTool } from "../../tau/tau-tool.js";

/** A tool that shows one record of a table. */
function details(table: string, idArgument: string, notFound: string): TauTool {
  return {
    sideEffect: false,
    invoke: (state, args) => {
      const record = state.find(table, argument(args, idArgument));
      return record === undefined ? notFound : dumps(record);
    },
  };
}

export const getOrderDetails = details("orders", "order_id", "Error: order not found");
export const getProductDetails = details("products", "product_id", "Error: product not found");
export const getUserDetails = details("users", "user_id", "Error: user not found");

export const findUserIdByEmail: TauTool = {
  sideEffect: false,
  invoke: (state, args) => {
    const email = lower(argument(args, "email"));
    for (const [id, user] of state.records("users")) {
      if (lower(item(user, "email")) === email) return id;
    }
    return "Error: user not found";
  },
};

export const findUserIdByNameZip: TauTool = {
  sideEffect: false,
  invoke: (state, args) => {
    const firstName = lower(argument(args, "first_name"));
    for (const [id, user] of state.records("users")) {
      const name = item(user, "name");
      const isMatch =
        lower(item(name, "first_name")) === firstName &&
        lower(item(name, "last_name")) === lower(argument(args, "last_name")) &&
        isEqual(item(item(user, "address"), "zip"), argument(args, "zip"));
      if (isMatch) return id;
    }
    return "Error: user not found";
  },
};

export const listAllProductTypes: TauTool = {
  sideEffect: false,
  invoke: (state) => {
    const types = [...state.records("products")].map(
      ([, product]) => [String(item(product, "name")), String(item(product, "product_id"))] as const,
    );
    return dumps(Object.fromEntries(types.sort(([left], [right]) => (left < right ? -1 : 1))));
  },
};
