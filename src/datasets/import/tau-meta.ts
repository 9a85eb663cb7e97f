import { readFile } from "node:fs/promises";
import { z } from "zod";
import { DatasetError } from "../../core/errors.js";
import { NO_FACTS, type RecordingFacts } from "./tau-document.js";

const metaSchema = z.looseObject({
  domain: z.string().nullish(),
  agent: z.string().nullish(),
  user: z.string().nullish(),
});

/**
 * What `NAME.meta.json` beside a recording `NAME.jsonl` or `NAME.json` says: `domain`, `agent` and `user`, the names of
 * the models. Without that file nothing is known.
 *
 * @throws {DatasetError} when the file is there and is no JSON object with such texts
 */
export async function neighbourFacts(recording: string): Promise<RecordingFacts> {
  const file = `${recording.replace(/\.jsonl?$/, "")}.meta.json`;
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return NO_FACTS;
  }
  const parsed = metaSchema.safeParse(jsonOf(text));
  if (!parsed.success) {
    const message = `expected an object with the texts "domain", "agent" and "user", each optional`;
    throw new DatasetError([{ file, message }], { nextStep: "correct or remove it" });
  }
  const { domain, agent, user } = parsed.data;
  return { domain: domain ?? null, agentModel: agent ?? null, userModel: user ?? null, tasks: new Map() };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
