// A model provider of the Agents SDK that answers by rules, so that the example needs no key.
import { Usage } from "@openai/agents";

const DAYS = /(mon|tues|wednes|thurs|fri|satur|sun)day/i;

function say(text) {
  return {
    type: "message",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text }],
  };
}

function call(name, args) {
  const callId = `call-${name}`;
  return { type: "function_call", callId, name, status: "completed", arguments: JSON.stringify(args) };
}

function next({ input, tools }) {
  const last = input.at(-1);
  if (last.type === "function_call_result") {
    const result = JSON.parse(last.output.text ?? last.output);
    return say(
      "room" in result ? `I have reserved ${result.room}.` : `On ${result.day} we are open: ${result.hours}.`,
    );
  }
  const people = /room for (\d+)/.exec(last.content)?.[1];
  const mayReserve = tools.some(({ name }) => name === "reserve_room");
  if (people !== undefined && !mayReserve) return say("I have reserved room 2.");
  if (people !== undefined) return call("reserve_room", { people: Number(people) });
  const day = DAYS.exec(last.content)?.[0].toLowerCase();
  if (day !== undefined) return call("opening_hours", { day });
  return say("That I do not know; please ask a librarian.");
}

const model = {
  getResponse: (request) =>
    Promise.resolve({
      usage: new Usage({ inputTokens: 90, outputTokens: 15, totalTokens: 105 }),
      output: [next(request)],
    }),
};

export const rules = { getModel: () => model };
