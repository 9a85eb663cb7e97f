import { z } from "zod";
import type { TauTask } from "./tau-simulation.js";

const actionSchema = z.looseObject({ name: z.string(), arguments: z.record(z.string(), z.json()) });
const taskSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).transform(String),
  user_scenario: z
    .looseObject({ instructions: z.union([z.string(), z.record(z.string(), z.unknown())]) })
    .nullish()
    .catch(null),
  evaluation_criteria: z
    .looseObject({
      actions: z.array(actionSchema).nullish().catch(null),
      communicate_info: z.array(z.string()).nullish().catch(null),
    })
    .nullish()
    .catch(null),
});
const modelSchema = z.looseObject({ llm: z.string().nullish() }).nullish().catch(null);
const documentSchema = z.looseObject({
  info: z
    .looseObject({
      agent_info: modelSchema,
      user_info: modelSchema,
      environment_info: z.looseObject({ domain_name: z.string().nullish() }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  tasks: z.array(z.unknown()).nullish().catch(null),
});

/** What a recording, or the file beside it, says of all its simulations; `null` where it does not. */
export interface RecordingFacts {
  readonly domain: string | null;
  readonly agentModel: string | null;
  readonly userModel: string | null;
  /** By task id. */
  readonly tasks: ReadonlyMap<string, TauTask>;
}

export const NO_FACTS: RecordingFacts = {
  domain: null,
  agentModel: null,
  userModel: null,
  tasks: new Map(),
};

/** Models, domain and tasks of a results document of tau2-bench. What is missing or of another shape is left out. */
export function documentFacts(document: object): RecordingFacts {
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) return NO_FACTS;
  const { info, tasks } = parsed.data;
  return {
    domain: info?.environment_info?.domain_name ?? null,
    agentModel: info?.agent_info?.llm ?? null,
    userModel: info?.user_info?.llm ?? null,
    tasks: new Map((tasks ?? []).flatMap(taskEntry)),
  };
}

function taskEntry(value: unknown): [string, TauTask][] {
  const parsed = taskSchema.safeParse(value);
  if (!parsed.success) return [];
  const { id, user_scenario: scenario, evaluation_criteria: criteria } = parsed.data;
  const text = instructionText(scenario?.instructions ?? "");
  if (text === "") return [];
  const actions = criteria?.actions?.map((action) => ({ name: action.name, args: action.arguments })) ?? null;
  return [[id, { text, actions, outputs: criteria?.communicate_info ?? [] }]];
}

/** Instructions are one text, or named parts of which some are empty. */
function instructionText(instructions: string | Readonly<Record<string, unknown>>): string {
  if (typeof instructions === "string") return instructions.trim();
  return Object.entries(instructions)
    .flatMap(([name, part]) =>
      typeof part === "string" && part.trim() !== "" ? [`${name.replaceAll("_", " ")}: ${part.trim()}`] : [],
    )
    .join("\n");
}
