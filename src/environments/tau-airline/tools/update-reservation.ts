import type { Json } from "../../../core/hash.js";
import { dumps } from "../../tau/python-json.js";
import {
  append,
  copyOf,
  type Dict,
  hasKey,
  isEqual,
  isLess,
  item,
  iterate,
  length,
  numeric,
  type ReadonlyDict,
  setEntry,
} from "../../tau/python-values.js";
import type { TauState } from "../../tau/tau-state.js";
import { argument, type TauTool } from "../../tau/tau-tool.js";
import { priceSegment } from "./flight-booking.js";

const BAG_USD = 50;
const NOT_FOUND = "Error: reservation not found";

export const updateReservationBaggages: TauTool = {
  sideEffect: true,
  invoke: (state, args) => {
    const id = argument(args, "reservation_id");
    const reservation = state.find("reservations", id);
    if (reservation === undefined) return NOT_FOUND;
    const nonfree = argument(args, "nonfree_baggages");
    const added = numeric(nonfree) - numeric(item(reservation, "nonfree_baggages"));
    const price = BAG_USD * Math.max(0, added);
    const paymentId = argument(args, "payment_id");
    const refusal = refusePayment(state, reservation, paymentId, price);
    if (refusal !== null) return refusal;

    const edited = state.edit("reservations", id);
    edited.total_baggages = copyOf(argument(args, "total_baggages"));
    edited.nonfree_baggages = copyOf(nonfree);
    charge(state, edited, paymentId, price);
    recordPayment(edited, paymentId, price);
    return dumps(edited);
  },
};

/** Changes the segments; the cabin of the reservation stays as it is, as in the original. */
export const updateReservationFlights: TauTool = {
  sideEffect: true,
  invoke: (state, args) => {
    const id = argument(args, "reservation_id");
    const reservation = state.find("reservations", id);
    if (reservation === undefined) return NOT_FOUND;
    const cabin = argument(args, "cabin");
    const passengers = item(reservation, "passengers");
    const flights = copyOf(argument(args, "flights"));

    let price = 0;
    for (const segment of iterate(flights)) {
      const kept = keptSegment(reservation, segment, cabin);
      if (kept !== undefined) {
        price += numeric(item(kept, "price")) * length(passengers);
        for (const key of ["price", "origin", "destination"]) {
          setEntry(segment as Dict, key, copyOf(item(kept, key)));
        }
        continue;
      }
      const added = priceSegment(state, segment as Dict, cabin, passengers);
      if (typeof added !== "number") return added.refusal;
      price += added;
    }
    const paidBefore = iterate(item(reservation, "flights")).reduce<number>(
      (sum, segment) => sum + numeric(item(segment, "price")),
      0,
    );
    price -= paidBefore * length(passengers);

    const paymentId = argument(args, "payment_id");
    const refusal = refusePayment(state, reservation, paymentId, price);
    if (refusal !== null) return refusal;
    const edited = state.edit("reservations", id);
    charge(state, edited, paymentId, price);
    edited.flights = flights;
    recordPayment(edited, paymentId, price);
    return dumps(edited);
  },
};

export const updateReservationPassengers: TauTool = {
  sideEffect: true,
  invoke: (state, args) => {
    const id = argument(args, "reservation_id");
    const reservation = state.find("reservations", id);
    if (reservation === undefined) return NOT_FOUND;
    const passengers = argument(args, "passengers");
    if (length(passengers) !== length(item(reservation, "passengers"))) {
      return "Error: number of passengers does not match";
    }
    const edited = state.edit("reservations", id);
    edited.passengers = copyOf(passengers);
    return dumps(edited);
  },
};

export const cancelReservation: TauTool = {
  sideEffect: true,
  invoke: (state, args) => {
    const id = argument(args, "reservation_id");
    if (state.find("reservations", id) === undefined) return NOT_FOUND;
    const edited = state.edit("reservations", id);
    const history = item(edited, "payment_history");
    const refunds = iterate(history).map((payment) => ({
      payment_id: item(payment, "payment_id"),
      amount: -numeric(item(payment, "amount")),
    }));
    append(history, ...refunds);
    edited.status = "cancelled";
    return dumps(edited);
  },
};

/** The segment of the reservation that the request keeps: same flight, same date, same cabin. */
function keptSegment(reservation: ReadonlyDict, segment: Json, cabin: Json): Json | undefined {
  return iterate(item(reservation, "flights")).find(
    (flight) =>
      isEqual(item(flight, "flight_number"), item(segment, "flight_number")) &&
      isEqual(item(flight, "date"), item(segment, "date")) &&
      isEqual(cabin, item(reservation, "cabin")),
  );
}

function methodsOf(state: TauState, reservation: ReadonlyDict): Json {
  return item(state.get("users", item(reservation, "user_id")), "payment_methods");
}

function refusePayment(
  state: TauState,
  reservation: ReadonlyDict,
  paymentId: Json,
  price: number,
): string | null {
  const methods = methodsOf(state, reservation);
  if (!hasKey(methods, paymentId)) return "Error: payment method not found";
  const method = item(methods, paymentId);
  const source = item(method, "source");
  if (source === "certificate") return "Error: certificate cannot be used to update reservation";
  if (source === "gift_card" && isLess(item(method, "amount"), price)) {
    return "Error: gift card balance is not enough";
  }
  return null;
}

/** Only gift cards hold a balance here. */
function charge(state: TauState, reservation: ReadonlyDict, paymentId: Json, price: number): void {
  const userId = item(reservation, "user_id");
  if (item(item(methodsOf(state, reservation), paymentId), "source") !== "gift_card") return;
  const method = item(item(state.edit("users", userId), "payment_methods"), paymentId) as Dict;
  method.amount = numeric(item(method, "amount")) - price;
}

function recordPayment(reservation: Dict, paymentId: Json, amount: number): void {
  if (amount === 0) return;
  append(item(reservation, "payment_history"), { payment_id: copyOf(paymentId), amount });
}
