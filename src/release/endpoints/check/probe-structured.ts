import { z } from "zod";
import { CHAT, fail, type ProbeContext, type ProbeFinding, pass, question, refused } from "./probe.js";

const TOKENS = 512;
/** Words that nobody would choose unasked: who answers so was held to the schema. */
const answerSchema = z.strictObject({
  zq_code: z.literal([417, 523]),
  zq_tint: z.literal(["ochre", "teal"]),
});
const contentSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
});

/** An answer held to a JSON Schema that the question does not mention. */
export async function probeStructured(context: ProbeContext): Promise<ProbeFinding> {
  const body = {
    ...question(context, "Name a colour.", TOKENS),
    response_format: {
      type: "json_schema",
      json_schema: {
        name: "colour",
        strict: true,
        schema: {
          type: "object",
          properties: {
            zq_code: { type: "integer", enum: [417, 523] },
            zq_tint: { type: "string", enum: ["ochre", "teal"] },
          },
          required: ["zq_code", "zq_tint"],
          additionalProperties: false,
        },
      },
    },
  };
  const reply = await context.client.ask(CHAT, { body, signal: context.signal });
  if (reply.status !== 200) return refused(reply);
  const content = contentSchema.safeParse(reply.json);
  if (!content.success) return fail("an answer without text");
  try {
    const answer = answerSchema.safeParse(JSON.parse(content.data.choices[0]?.message.content ?? ""));
    return answer.success
      ? pass("the answer fits the schema")
      : fail("the schema was accepted, and the answer does not fit it");
  } catch {
    return fail("the schema was accepted, and the answer is no JSON");
  }
}
