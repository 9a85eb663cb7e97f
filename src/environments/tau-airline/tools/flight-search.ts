import type { Json } from "../../../core/hash.js";
import { PythonError } from "../../tau/python-error.js";
import { dumps } from "../../tau/python-json.js";
import { hasKey, isEqual, item, type ReadonlyDict, repr } from "../../tau/python-values.js";
import type { TauState } from "../../tau/tau-state.js";
import { argument, type TauTool } from "../../tau/tau-tool.js";

export const searchDirectFlight: TauTool = {
  sideEffect: false,
  invoke: (state, args) => {
    const date = argument(args, "date");
    const found = flightsFrom(state, argument(args, "origin"))
      .filter((flight) => isEqual(item(flight, "destination"), argument(args, "destination")))
      .filter((flight) => isAvailable(flight, date))
      .map((flight) => offer(flight, date));
    return dumps(found);
  },
};

export const searchOnestopFlight: TauTool = {
  sideEffect: false,
  invoke: (state, args) => {
    const date = argument(args, "date");
    const found: Json[] = [];
    for (const first of flightsFrom(state, argument(args, "origin"))) {
      for (const second of flightsFrom(state, item(first, "destination"))) {
        if (!isEqual(item(second, "destination"), argument(args, "destination"))) continue;
        const arrival = String(item(first, "scheduled_arrival_time_est"));
        const secondDate = arrival.includes("+1") ? dayAfter(date) : date;
        // As text: "01:30:00+1" comes before "06:00:00", whatever the day.
        if (arrival > String(item(second, "scheduled_departure_time_est"))) continue;
        if (!hasDate(first, date) || !hasDate(second, secondDate)) continue;
        if (!isAvailable(first, date) || !isAvailable(second, secondDate)) continue;
        // The second leg shows seats and prices of the first day, even past midnight: so does the original.
        found.push([
          { ...offer(first, date), date },
          { ...offer(second, date), date: secondDate },
        ]);
      }
    }
    return dumps(found);
  },
};

function flightsFrom(state: TauState, origin: Json): readonly ReadonlyDict[] {
  const found: ReadonlyDict[] = [];
  for (const [, flight] of state.records("flights")) {
    if (isEqual(item(flight, "origin"), origin)) found.push(flight);
  }
  return found;
}

function hasDate(flight: ReadonlyDict, date: Json): boolean {
  return hasKey(item(flight, "dates"), date);
}

function isAvailable(flight: ReadonlyDict, date: Json): boolean {
  return hasDate(flight, date) && item(item(item(flight, "dates"), date), "status") === "available";
}

/** The flight with seats and prices of one date instead of all dates. */
function offer(flight: ReadonlyDict, date: Json): ReadonlyDict {
  const { dates, ...schedule } = flight;
  return { ...schedule, ...(item(dates ?? null, date) as ReadonlyDict) };
}

/** The original knows one month: day + 1, without a leading zero, and so no flight on "2024-05-9". */
function dayAfter(date: Json): string {
  if (typeof date !== "string") throw new PythonError(`${repr(date)} is not a date`);
  const day = date.slice(-2);
  if (!/^\s*[+-]?\d+\s*$/.test(day)) {
    throw new PythonError(`invalid literal for int() with base 10: ${repr(day)}`);
  }
  return `2024-05-${Number(day) + 1}`;
}
