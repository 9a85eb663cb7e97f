import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { CapturedExchange } from "../../core/captured-exchange.js";
import { DatasetError } from "../../core/errors.js";
import type { Json } from "../../core/hash.js";
import { linesOf } from "../read-lines.js";

const MOST_LINE_BYTES = 16 * 1024 * 1024;

const messageSchema = z.object({
  role: z.enum(["system", "user", "agent", "tool"]),
  text: z.string(),
  toolCalls: z.array(
    z.object({ name: z.string(), arguments: z.custom<Json>((value) => value !== undefined) }),
  ),
});

const exchangeSchema = z.object({
  capture_id: z.string(),
  timestamp: z.iso.datetime(),
  conversation_id: z.string().min(1),
  tenant_id: z.string(),
  trace_id: z.string(),
  arm: z.enum(["stable", "canary"]),
  release: z.string().nullable(),
  model: z.string().nullable(),
  messages: z.array(messageSchema).min(1),
  answer: messageSchema,
  answerHeld: z.array(z.string()),
  latencyMs: z.number(),
}) satisfies z.ZodType<CapturedExchange>;

/** Exchanges of files that a gateway writes, and how many lines were passed over: a kill leaves a torn one. */
export interface ReadCaptures {
  readonly exchanges: readonly CapturedExchange[];
  readonly unreadable: number;
}

/**
 * Reads what a gateway kept of conversations; an exchange that stands twice counts once.
 *
 * @param path - a JSONL file, or a folder of them
 * @throws {DatasetError} when it cannot be read, or holds no exchange
 */
export async function readCaptures(path: string): Promise<ReadCaptures> {
  const found = new Map<string, CapturedExchange>();
  let unreadable = 0;
  for (const file of filesOf(path)) {
    for await (const line of linesOf(file, MOST_LINE_BYTES)) {
      if ("text" in line && line.text.trim() === "") continue;
      const exchange = "text" in line ? exchangeOf(line.text) : null;
      if (exchange === null) unreadable += 1;
      else found.set(exchange.capture_id, exchange);
    }
  }
  if (found.size > 0) return { exchanges: [...found.values()], unreadable };
  const message = "expected conversations that a gateway kept, found none";
  throw new DatasetError([{ file: path, message }], {
    nextStep: "set `capture` in gateway.yaml, see docs/live-scores.md",
  });
}

function filesOf(path: string): readonly string[] {
  if (!(statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false)) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .map((name) => join(path, name));
}

function exchangeOf(text: string): CapturedExchange | null {
  try {
    const result = exchangeSchema.safeParse(JSON.parse(text));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}
