import type { Json } from "../../../core/hash.js";
import {
  type Dict,
  hasKey,
  item,
  length,
  numeric,
  type ReadonlyDict,
  setEntry,
  str,
} from "../../tau/python-values.js";
import type { TauState } from "../../tau/tau-state.js";

/** The refusal of a tool, in the words that the model reads. */
export interface Refusal {
  readonly refusal: string;
}

/**
 * Completes a requested flight segment with today's price and route.
 *
 * @returns the price of the segment for all passengers, or why it cannot be booked
 */
export function priceSegment(
  state: TauState,
  segment: Dict,
  cabin: Json,
  passengers: Json,
): number | Refusal {
  const flightNumber = item(segment, "flight_number");
  const flight = state.find("flights", flightNumber);
  if (flight === undefined) return { refusal: `Error: flight ${str(flightNumber)} not found` };
  const date = item(segment, "date");
  if (!hasKey(item(flight, "dates"), date)) {
    return { refusal: `Error: flight ${str(flightNumber)} not found on date ${str(date)}` };
  }
  const day = item(item(flight, "dates"), date) as ReadonlyDict;
  if (item(day, "status") !== "available") {
    return { refusal: `Error: flight ${str(flightNumber)} not available on date ${str(date)}` };
  }
  const passengerCount = length(passengers);
  if (numeric(item(item(day, "available_seats"), cabin)) < passengerCount) {
    return { refusal: `Error: not enough seats on flight ${str(flightNumber)}` };
  }
  const price = numeric(item(item(day, "prices"), cabin));
  setEntry(segment, "price", price);
  setEntry(segment, "origin", String(item(flight, "origin")));
  setEntry(segment, "destination", String(item(flight, "destination")));
  return price * passengerCount;
}
