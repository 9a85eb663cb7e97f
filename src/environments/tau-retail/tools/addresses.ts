import { dumps } from "../../tau/python-json.js";
import { copyOf, type Dict, item } from "../../tau/python-values.js";
import { argument, type TauTool, type ToolArguments } from "../../tau/tau-tool.js";

function addressOf(args: ToolArguments): Dict {
  const part = (name: string) => copyOf(argument(args, name));
  return {
    address1: part("address1"),
    address2: part("address2"),
    city: part("city"),
    state: part("state"),
    country: part("country"),
    zip: part("zip"),
  };
}

export const modifyPendingOrderAddress: TauTool = {
  sideEffect: true,
  invoke: (state, args) => {
    const id = argument(args, "order_id");
    const order = state.find("orders", id);
    if (order === undefined) return "Error: order not found";
    if (item(order, "status") !== "pending") return "Error: non-pending order cannot be modified";
    const edited = state.edit("orders", id);
    edited.address = addressOf(args);
    return dumps(edited);
  },
};

export const modifyUserAddress: TauTool = {
  sideEffect: true,
  invoke: (state, args) => {
    const id = argument(args, "user_id");
    if (state.find("users", id) === undefined) return "Error: user not found";
    const edited = state.edit("users", id);
    edited.address = addressOf(args);
    return dumps(edited);
  },
};
