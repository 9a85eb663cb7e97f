import { dumps } from "../../tau/python-json.js";
import type { TauTool } from "../../tau/tau-tool.js";

/** IATA code of each airport served, with its city. */
const CITIES = {
  SFO: "San Francisco",
  JFK: "New York",
  LAX: "Los Angeles",
  ORD: "Chicago",
  DFW: "Dallas",
  DEN: "Denver",
  SEA: "Seattle",
  ATL: "Atlanta",
  MIA: "Miami",
  BOS: "Boston",
  PHX: "Phoenix",
  IAH: "Houston",
  LAS: "Las Vegas",
  MCO: "Orlando",
  EWR: "Newark",
  CLT: "Charlotte",
  MSP: "Minneapolis",
  DTW: "Detroit",
  PHL: "Philadelphia",
  LGA: "LaGuardia",
};

export const listAllAirports: TauTool = { sideEffect: false, invoke: () => dumps(CITIES) };
