import { dumps } from "../../tau/python-json.js";
import { argument, type TauTool } from "../../tau/tau-tool.js";

export const getReservationDetails: TauTool = {
  sideEffect: false,
  invoke: (state, args) => {
    const reservation = state.find("reservations", argument(args, "reservation_id"));
    // The original says "user" here too, and models have read it so.
    return reservation === undefined ? "Error: user not found" : dumps(reservation);
  },
};

export const getUserDetails: TauTool = {
  sideEffect: false,
  invoke: (state, args) => {
    const user = state.find("users", argument(args, "user_id"));
    return user === undefined ? "Error: user not found" : dumps(user);
  },
};
