// An order desk of the Vercel AI SDK, with the tools that agentctl runs for it.
import { fromAiSdk } from "agentctl/adapters";
import { dynamicTool, generateText, jsonSchema, stepCountIs } from "ai";
import { carelessModel, model } from "./model.mjs";

/** Permissions, caps and the ledger of agentctl apply to these tools. */
function toolsOf(context) {
  return Object.fromEntries(
    context.tools.map((one) => [
      one.name,
      dynamicTool({
        description: one.description,
        inputSchema: jsonSchema(one.parameters),
        execute: async (args) => (await one.call(args)).content,
      }),
    ]),
  );
}

const desk = (model) =>
  fromAiSdk((call, context) =>
    generateText({
      model,
      system: "You help with orders. Ask before you cancel one.",
      tools: toolsOf(context),
      stopWhen: stepCountIs(8),
      ...call,
    }),
  );

// For a real model: `import { openai } from "@ai-sdk/openai"`, and `desk(openai("gpt-4o"))`.
export default desk(model);

/** The same desk, which says "cancelled" and cancels nothing. */
export const careless = desk(carelessModel);
