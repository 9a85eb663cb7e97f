// The desk of a library, an agent of the OpenAI Agents SDK with tools of its own.
import { Agent, Runner, tool } from "@openai/agents";
import { fromOpenAIAgents } from "agentctl/adapters";
import { rules } from "./model.mjs";

const HOURS = { saturday: "10 to 14", sunday: "closed" };

const openingHours = tool({
  name: "opening_hours",
  description: "When the library is open on a day.",
  parameters: {
    type: "object",
    properties: { day: { type: "string" } },
    required: ["day"],
    additionalProperties: false,
  },
  execute: ({ day }) => ({ day, hours: HOURS[day] ?? "9 to 19" }),
});

const reserveRoom = tool({
  name: "reserve_room",
  description: "Reserves a room for study.",
  parameters: {
    type: "object",
    properties: { people: { type: "integer" } },
    required: ["people"],
    additionalProperties: false,
  },
  execute: ({ people }) => ({ room: people > 6 ? "the hall" : "room 2", people }),
});

const desk = new Agent({
  name: "library",
  instructions: "You are the desk of a library. Use the tools; say what you do not know.",
  tools: [openingHours, reserveRoom],
});

// For a real model: leave `modelProvider` out and set OPENAI_API_KEY.
const runner = new Runner({ modelProvider: rules, tracingDisabled: true });

/** The same desk without its tool for rooms, which says "reserved" and reserves nothing. */
const carelessDesk = desk.clone({ name: "careless", tools: [openingHours] });

export default fromOpenAIAgents(desk, (agent, input, options) => runner.run(agent, input, options));

export const careless = fromOpenAIAgents(carelessDesk, (agent, input, options) =>
  runner.run(agent, input, options),
);
