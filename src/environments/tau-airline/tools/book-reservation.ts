import type { Json } from "../../../core/hash.js";
import { dumps } from "../../tau/python-json.js";
import {
  append,
  copyOf,
  type Dict,
  dictAt,
  hasKey,
  isLess,
  item,
  iterate,
  length,
  numeric,
  type ReadonlyDict,
  str,
} from "../../tau/python-values.js";
import type { TauState } from "../../tau/tau-state.js";
import { argument, type TauTool, type ToolArguments } from "../../tau/tau-tool.js";
import { priceSegment } from "./flight-booking.js";

const INSURANCE_USD = 30;
const BAG_USD = 50;
/** The moment at which the world stands still. */
const NOW = "2024-05-15T15:00:00";
/** Ids of new reservations; a fourth one overwrites the third. */
const NEW_IDS = ["HATHAT", "HATHAU", "HATHAV"] as const;

export const bookReservation: TauTool = {
  sideEffect: true,
  invoke: (state, args) => {
    const user = state.find("users", argument(args, "user_id"));
    if (user === undefined) return "Error: user not found";
    const reservation = draft(state, args);
    const passengers = argument(args, "passengers");
    const payments = argument(args, "payment_methods");

    let totalPrice = 0;
    for (const segment of iterate(reservation.flights ?? null)) {
      const price = priceSegment(state, segment as Dict, argument(args, "cabin"), passengers);
      if (typeof price !== "number") return price.refusal;
      totalPrice += price;
    }
    if (argument(args, "insurance") === "yes") totalPrice += INSURANCE_USD * length(passengers);
    totalPrice += BAG_USD * numeric(argument(args, "nonfree_baggages"));

    const refusal = refusePayments(user, payments, totalPrice);
    if (refusal !== null) return refusal;
    const editedUser = state.edit("users", argument(args, "user_id"));
    takePayments(dictAt(editedUser, "payment_methods"), payments);
    state.put("reservations", String(reservation.reservation_id), reservation);
    append(item(editedUser, "reservations"), String(reservation.reservation_id));
    return dumps(reservation);
  },
};

function draft(state: TauState, args: ToolArguments): Dict {
  const id = NEW_IDS.find((candidate) => state.find("reservations", candidate) === undefined) ?? NEW_IDS[2];
  const copy = (name: string) => copyOf(argument(args, name));
  return {
    reservation_id: id,
    user_id: copy("user_id"),
    origin: copy("origin"),
    destination: copy("destination"),
    flight_type: copy("flight_type"),
    cabin: copy("cabin"),
    flights: copy("flights"),
    passengers: copy("passengers"),
    payment_history: copy("payment_methods"),
    created_at: NOW,
    total_baggages: copy("total_baggages"),
    nonfree_baggages: copy("nonfree_baggages"),
    insurance: copy("insurance"),
  };
}

function refusePayments(user: ReadonlyDict, payments: Json, totalPrice: number): string | null {
  const known = item(user, "payment_methods");
  for (const payment of iterate(payments)) {
    const id = item(payment, "payment_id");
    const amount = item(payment, "amount");
    if (!hasKey(known, id)) return `Error: payment method ${str(id)} not found`;
    const method = item(known, id);
    const holdsMoney = ["gift_card", "certificate"].includes(String(item(method, "source")));
    if (holdsMoney && isLess(item(method, "amount"), amount)) {
      return `Error: not enough balance in payment method ${str(id)}`;
    }
  }
  const paid = iterate(payments).reduce<number>((sum, entry) => sum + numeric(item(entry, "amount")), 0);
  if (paid === totalPrice) return null;
  return `Error: payment amount does not add up, total price is ${str(totalPrice)}, but paid ${str(paid)}`;
}

/** Gift cards lose the amount, certificates are used up whole; a certificate named twice fails midway. */
function takePayments(methods: Dict, payments: Json): void {
  for (const payment of iterate(payments)) {
    const id = item(payment, "payment_id");
    const method = item(methods, id) as Dict;
    const source = item(method, "source");
    if (source === "gift_card") {
      method.amount = numeric(item(method, "amount")) - numeric(item(payment, "amount"));
    } else if (source === "certificate") {
      delete methods[String(id)];
    }
  }
}
