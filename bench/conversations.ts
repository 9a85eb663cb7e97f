import { mkdtempSync, rmSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/core/clock.js";
import { ANONYMOUS } from "../src/core/identity.js";
import type { ModelReply } from "../src/core/message.js";
import type { Model } from "../src/models/model.js";
import type { Agent } from "../src/runtime/agent.js";
import { ledgerPart } from "../src/runtime/ledger/ledger-part.js";
import { memoryLedgerStore } from "../src/runtime/ledger/memory-ledger-store.js";
import { openLedgerStore } from "../src/runtime/ledger/sqlite-ledger-store.js";
import { conversationFile } from "../src/runtime/session/conversation-database.js";
import { openSession, type Session } from "../src/runtime/session/session.js";
import { openSessionStore } from "../src/runtime/session/sqlite-session-store.js";
import { react } from "../src/runtime/strategies/react.js";
import { FREE_TOOL } from "../src/runtime/tools/free-tool.js";
import type { Tool } from "../src/runtime/tools/tool.js";

/**
 * Holds many conversations at once on one process, each of three turns of three steps: a read, a side effect, an answer.
 * The model takes 0.5 to 1.5 s a step. The overhead of a step is the time from when its reply was due to when the next
 * request was made, or the turn was over: what the runtime took, its waits for the disk and for other conversations
 * included. An idle session holds what the process holds more when all have been talked to and wait, code that was
 * compiled meanwhile included; run with --expose-gc. Prints one line of JSON.
 *
 * Arguments: conversations, where they are kept: memory, kill (SQLite) or power-cut (SQLite, each intent synced). On a
 * machine that has other work, start it with `chrt -r 10`, or it measures that work.
 */
const [count = "1000", kept = "memory"] = process.argv.slice(2);
const conversations = Number(count);
const TURNS = 3;
const folder = mkdtempSync(join(tmpdir(), "agentctl-bench-"));
const file = kept === "memory" ? ":memory:" : conversationFile(folder);

let seed = 1;
function random(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

/** When the last reply of each conversation was due, by its id. */
const due = new Map<string, number>();
const overheadsMs: number[] = [];
const syncsMs: number[] = [];

function stepIsOver(id: string): void {
  const sinceMs = due.get(id);
  if (sinceMs !== undefined) overheadsMs.push(performance.now() - sinceMs);
  due.delete(id);
}

async function timedSync(journal: FileHandle): Promise<void> {
  const started = performance.now();
  await journal.datasync();
  syncsMs.push(performance.now() - started);
}

const model: Model = {
  provider: "bench",
  name: "waits",
  complete: ({ messages, position }) => {
    stepIsOver(position.caseId);
    const delayMs = 500 + 1000 * random();
    const last = messages.at(-1);
    const name =
      last?.role === "user" ? "look" : last?.role === "tool" && last.name === "look" ? "pay" : null;
    const toolCalls =
      name === null ? [] : [{ id: `call-${messages.length}`, name, arguments: { amount: messages.length } }];
    const reply: ModelReply = {
      text: name === null ? "Done." : null,
      toolCalls,
      finishReason: name === null ? "stop" : "tool_calls",
      usage: { inputTokens: 10, outputTokens: 5 },
      costUsd: 0,
      model: "waits",
    };
    return new Promise((resolve) => {
      const dueAt = performance.now() + delayMs;
      setTimeout(() => {
        // A timer fires up to a millisecond early or late by itself; a loop that is busy makes it later, and counts.
        due.set(position.caseId, Math.min(dueAt + 1, performance.now()));
        resolve(reply);
      }, delayMs);
    });
  },
};

function tool(name: string, reversibility: Tool["reversibility"]): Tool {
  return {
    spec: { name, description: name, parameters: { type: "object" } },
    source: "module",
    reversibility,
    ...FREE_TOOL,
    call: () => ({ content: '{"ok":true}', isError: false }),
  };
}

const store = openSessionStore(file, { clock: systemClock });
const ledger =
  kept === "memory" ? null : openLedgerStore(file, kept === "kill" ? "kill" : "power-cut", timedSync);
const agent: Agent = {
  name: "bench",
  version: "bench",
  promptVersion: "1",
  systemPrompt: "Help.",
  model,
  parameters: {},
  retrieval: null,
  toolNames: null,
  limits: { maxSteps: 10, timeoutMs: 60_000, budgetUsd: null, toolResultMaxChars: 10_000 },
  strategy: react,
  parts: [
    ledgerPart({
      settings: {
        onFailure: "keep",
        repeats: "turn",
        reconcileAttempts: 1,
        reconcileWaitMs: 0,
        settleMs: 0,
      },
      store: () => ledger ?? memoryLedgerStore(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    }),
  ],
  tools: [],
  identity: ANONYMOUS,
};
const host = {
  agent,
  store,
  tools: [tool("look", "read"), tool("pay", "reversible")],
  environment: null,
  policy: "",
  clock: systemClock,
  signal: new AbortController().signal,
};

async function talk(session: Session): Promise<void> {
  // Users do not all press return at the same moment.
  await new Promise((resolve) => setTimeout(resolve, 1500 * random()));
  for (let turn = 0; turn < TURNS; turn += 1) {
    const sent = await session.send(`Message ${turn}.`);
    stepIsOver(session.id);
    if (sent.kind !== "done" || sent.turns[0]?.stop !== "answered") throw new Error("a turn failed");
  }
}

/** Heap and buffers in use, after what is no longer needed is gone. */
function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const bytesBefore = usedBytes();
const sessions = Array.from({ length: conversations }, (_, index) =>
  openSession(host, { id: `session-${index}`, identity: ANONYMOUS }),
);
const cpuBefore = process.cpuUsage();
const started = performance.now();
await Promise.all(sessions.map(talk));
const wallMs = performance.now() - started;
const cpu = process.cpuUsage(cpuBefore);
const steps = overheadsMs.length;
const expected = conversations * TURNS * 3;
if (steps !== expected) throw new Error(`expected ${expected} steps, found ${steps}`);
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
const result = {
  conversations,
  kept,
  steps,
  stepsPerSecond: steps / (wallMs / 1000),
  overheadP50Ms: quantile(overheadsMs, 0.5),
  overheadP95Ms: quantile(overheadsMs, 0.95),
  diskSyncP95Ms: quantile(syncsMs, 0.95),
  cpuMsPerStep: (cpu.user + cpu.system) / 1000 / steps,
  idleSessionKib: (usedBytes() - bytesBefore) / 1024 / sessions.length,
};
store.close();
ledger?.close();
rmSync(folder, { recursive: true });
process.stdout.write(`${JSON.stringify(result)}\n`);
