import type { JsonSchema } from "../../../core/message.js";
import type { Turn } from "../../turn.js";
import { askStructured } from "../ask-structured.js";
import { describeTools } from "../describe-tools.js";
import { plainTranscript } from "../plain-transcript.js";
import type { RequestFeatures } from "./features.js";

const SCHEMA: JsonSchema = {
  type: "object",
  properties: {
    ambiguity: { type: "number", minimum: 0, maximum: 1 },
    stakes: { type: "number", minimum: 0, maximum: 1 },
    confidence: { type: "number", minimum: 0, maximum: 1 },
    intents: { type: "integer", minimum: 0 },
  },
  required: ["ambiguity", "stakes", "confidence", "intents"],
  additionalProperties: false,
};

type Answer = Pick<RequestFeatures, "ambiguity" | "stakes" | "intents"> & { readonly confidence: number };

/**
 * Asks the model what it makes of the request. It can only add doubt: the worse figure counts. Features stay as they
 * are when it gives no usable answer.
 */
export async function assessRequest(turn: Turn, features: RequestFeatures): Promise<RequestFeatures> {
  const reading = await askStructured(
    turn,
    [
      {
        role: "system",
        content: `Judge the last request of the user, as JSON: "ambiguity" (0: one reading, 1: anything), "stakes" (0: nothing
is lost by a wrong action, 1: money or data are lost for good), "confidence" (how sure you are what to do, 0 to 1), and
"intents" (how many different things are to be done).

Tools:
${describeTools(turn.tools)}`,
      },
      ...plainTranscript(turn.log.messages),
    ],
    SCHEMA,
    (answer) => ({ value: answer as Answer }),
  );
  if ("problems" in reading) return features;
  const { ambiguity, stakes, confidence, intents } = reading.value;
  return {
    ...features,
    ambiguity: Math.max(features.ambiguity, ambiguity),
    stakes: Math.max(features.stakes, stakes),
    intents: Math.max(features.intents, intents),
    confidence: Math.min(features.confidence ?? 1, confidence),
  };
}
