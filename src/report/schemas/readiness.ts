import { z } from "zod";
import { READINESS_LISTS } from "../readiness/readiness-report.js";
import { count, timestamp } from "./shared.js";

const counts = { met: count, gap: count, unknown: count };

const fix = z
  .strictObject({
    kind: z
      .enum(["command", "yaml", "change"])
      .describe("command: to be run. yaml: lines for `file`. change: work of a person, in words."),
    text: z.string(),
    file: z.string().nullable().describe("The file that the lines go into; null for all but yaml."),
  })
  .nullable()
  .describe("What closes the item; null when it is met, and where nobody can tell.");

const item = z.strictObject({
  id: z.string().describe("Stable."),
  title: z.string(),
  why: z.string().describe("What goes wrong without it."),
  state: z
    .enum(["met", "gap", "unknown"])
    .describe("unknown: neither files nor runs tell; never taken for met."),
  evidence: z.array(
    z.strictObject({
      text: z.string(),
      place: z.string().nullable().describe("`file:line`, a file, or `run ID`."),
    }),
  ),
  fix,
});

/** `agentctl readiness --json`. */
export const readiness = z.strictObject({
  suite: z.string(),
  agent: z.string(),
  runId: z.string().nullable().describe("The run that was looked at; null without a complete one."),
  at: timestamp,
  total: z.strictObject(counts),
  lists: z.array(
    z.strictObject({
      list: z.enum(READINESS_LISTS),
      ...counts,
      items: z.array(item),
      skipped: z
        .array(z.strictObject({ id: z.string(), title: z.string(), reason: z.string() }))
        .describe("Items that mean nothing for this agent; they count in no sum."),
    }),
  ),
});
