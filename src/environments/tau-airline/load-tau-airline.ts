import type { Environment } from "../environment.js";
import { commonTools } from "../tau/common-tools.js";
import { loadTauEnvironment } from "../tau/tau-environment.js";
import { listAllAirports } from "./tools/airports.js";
import { bookReservation } from "./tools/book-reservation.js";
import { searchDirectFlight, searchOnestopFlight } from "./tools/flight-search.js";
import { getReservationDetails, getUserDetails } from "./tools/lookups.js";
import { sendCertificate } from "./tools/send-certificate.js";
import {
  cancelReservation,
  updateReservationBaggages,
  updateReservationFlights,
  updateReservationPassengers,
} from "./tools/update-reservation.js";

const tools = {
  ...commonTools,
  book_reservation: bookReservation,
  cancel_reservation: cancelReservation,
  get_reservation_details: getReservationDetails,
  get_user_details: getUserDetails,
  list_all_airports: listAllAirports,
  search_direct_flight: searchDirectFlight,
  search_onestop_flight: searchOnestopFlight,
  send_certificate: sendCertificate,
  update_reservation_baggages: updateReservationBaggages,
  update_reservation_flights: updateReservationFlights,
  update_reservation_passengers: updateReservationPassengers,
};

/**
 * The airline desk of tau-bench: 500 users, 2,000 reservations, 300 flights on 30 days, 14 tools.
 *
 * @param dataDir - folder with `policy.md`, `tools.json` and `db/`
 * @throws {ConfigError} when a file is missing or has another shape
 * @see Yao et al. 2024, tau-bench, arXiv:2406.12045
 */
export function loadTauAirline(dataDir: string): Environment {
  return loadTauEnvironment(
    { name: "tau-airline", tables: ["flights", "reservations", "users"], tools },
    dataDir,
  );
}
