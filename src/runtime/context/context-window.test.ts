import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProviderError } from "../../core/errors.js";
import type { EventPayloads } from "../../core/events.js";
import type { Message, ToolSpec } from "../../core/message.js";
import { loadOrders } from "../../environments/orders/load-orders.js";
import { type ConversationLog, memoryLog } from "../conversation-log.js";
import type { ConversationContext } from "../conversation-part.js";
import { contextOf } from "../loop-guard/testing/conversation-context.js";
import { caseOf, modelOf, replyOf, runWith } from "../loop-guard/testing/run-with-part.js";
import { ContextBudgetError } from "./context-budget-error.js";
import { type ContextWindowOptions, contextWindow } from "./context-window.js";
import { estimateRequestTokens } from "./estimate-tokens.js";

const OPTIONS: ContextWindowOptions = {
  file: "agent.yaml",
  maxTokens: 400,
  targetShare: 0.7,
  summarise: "extractive",
  summaryMaxTokens: 80,
  toolResultMaxTokens: 100,
  resultFields: new Map(),
  pin: { effects: true, patterns: [], maxFacts: 20 },
};
const SYSTEM: Message = { role: "system", content: "Be brief." };

/** A part on a log, and what it makes of the whole log as a request. */
function windowOn(
  log: ConversationLog,
  options: Partial<ContextWindowOptions> = {},
  extra: Partial<ConversationContext> = {},
) {
  const fitted: EventPayloads["context_fitted"][] = [];
  const context = contextOf(log, {
    emit: (type, payload) => {
      if (type === "context_fitted") fitted.push(payload as EventPayloads["context_fitted"]);
    },
    ...extra,
  });
  const hooks = contextWindow({ ...OPTIONS, ...options }).open(context);
  const request = async (tools: readonly ToolSpec[] = []): Promise<readonly Message[]> =>
    (await hooks.onModelRequest?.([SYSTEM, ...log.messages], tools)) ?? [];
  return { hooks, request, fitted };
}

function turns(count: number, words = 20): Message[] {
  return Array.from({ length: count }, (_, index): Message[] => [
    { role: "user", content: `Question ${index}: ${"word ".repeat(words)}` },
    { role: "assistant", content: `Answer ${index}.` },
  ]).flat();
}

function text(messages: readonly Message[]): string {
  return messages.map((message) => message.content ?? "").join("\n");
}

const asks: Message = { role: "user", content: "And now?" };

describe("contextWindow", () => {
  it("sends a request that fits as it is", async () => {
    const { request, fitted } = windowOn(memoryLog([...turns(2), asks]));
    expect(await request()).toEqual([SYSTEM, ...turns(2), asks]);
    expect(fitted).toEqual([]);
  });

  it("replaces old turns by a summary that keeps what numbers they had", async () => {
    const first: Message = { role: "user", content: "My order is A-1042. I like it." };
    const log = memoryLog([first, { role: "assistant", content: "Thanks." }, ...turns(20), asks]);
    const { request, fitted } = windowOn(log);
    const sent = await request();
    expect(estimateRequestTokens(sent, [])).toBeLessThanOrEqual(OPTIONS.maxTokens);
    expect(sent[0]).toEqual(SYSTEM);
    expect(sent[1]?.role).toBe("system");
    expect(sent[2]?.role).toBe("user");
    expect(sent.at(-1)).toEqual(asks);
    expect(text(sent)).toContain("Summary:");
    expect(fitted[0]?.summarisedMessages).toBeGreaterThan(20);
    expect(fitted[0]?.tokensBefore).toBeGreaterThan(OPTIONS.maxTokens);
    expect(fitted[0]?.tokensAfter).toBe(estimateRequestTokens(sent, []));
    expect(log.messages).toHaveLength(43);
  });

  it("asks a model for the summary once for the same turns, and hands it on", async () => {
    const asked: string[] = [];
    const log = memoryLog([...turns(12), asks]);
    const { request } = windowOn(
      log,
      { summarise: "model" },
      {
        help: async ({ messages }) => {
          asked.push(text(messages));
          return replyOf({ text: `SUMMARY ${asked.length}` });
        },
      },
    );
    const first = await request();
    expect(text(first)).toContain("SUMMARY 1");
    expect(await request()).toEqual(first);
    expect(asked).toHaveLength(1);
    for (const message of turns(12)) log.append(message);
    log.append(asks);
    expect(text(await request())).toContain("SUMMARY 2");
    expect(asked[1]).toContain("SUMMARY 1");
    expect(asked[1]).not.toContain("Question 0:\n");
  });

  it("takes sentences when the model cannot summarise", async () => {
    const { request } = windowOn(
      memoryLog([...turns(12), asks]),
      { summarise: "model" },
      {
        help: async () => {
          throw new ProviderError("PROVIDER_UNAVAILABLE", "503");
        },
      },
    );
    expect(text(await request())).toContain("Summary:\nUser: Question");
  });

  it("keeps its summary when another process goes on with the log", async () => {
    const log = memoryLog([...turns(12), asks]);
    const first = await windowOn(log).request();
    const help = async () => {
      throw new Error("asked again");
    };
    expect(await windowOn(log, { summarise: "model" }, { help }).request()).toEqual(first);
  });

  it("pins what patterns match, with who said it", async () => {
    const log = memoryLog([
      { role: "user", content: "Order 12345 was already refunded, they told me." },
      { role: "assistant", content: "I see." },
      ...turns(20),
      asks,
    ]);
    const pin = { effects: true, patterns: [/order \d+ was already refunded/iu], maxFacts: 5 };
    const { request, fitted } = windowOn(log, { pin, summaryMaxTokens: 1 });
    expect(text(await request())).toContain('The user said: "Order 12345 was already refunded"');
    expect(fitted[0]?.pinnedFacts).toBe(1);
  });

  it("cuts long results to the declared fields, and to the middle where there are none", async () => {
    const orders = Array.from({ length: 40 }, (_, index) => ({ id: `A-${index}`, note: "x".repeat(80) }));
    const calls = (id: string, name: string, content: string): Message[] => [
      { role: "assistant", content: null, toolCalls: [{ id, name, arguments: {} }] },
      { role: "tool", toolCallId: id, name, content },
    ];
    const log = memoryLog([
      asks,
      ...calls("1", "list_orders", JSON.stringify({ orders, total: 40 })),
      ...calls("2", "read_page", `BEGIN ${"y ".repeat(2000)} END`),
    ]);
    const resultFields = new Map([["list_orders", ["orders.*.id", "total"]]]);
    const { request } = windowOn(log, { maxTokens: 2000, toolResultMaxTokens: 400, resultFields });
    const sent = await request();
    expect(JSON.parse(sent[3]?.content ?? "")).toEqual({
      orders: orders.map(({ id }) => ({ id })),
      total: 40,
    });
    expect(sent[5]?.content).toMatch(/^BEGIN .* \[…\] .* END$/s);
  });

  it("cuts the result that the model waits for rather than dropping it", async () => {
    const log = memoryLog([
      asks,
      { role: "assistant", content: null, toolCalls: [{ id: "1", name: "read", arguments: {} }] },
      { role: "tool", toolCallId: "1", name: "read", content: `BEGIN ${"y ".repeat(3000)} END` },
    ]);
    const sent = await windowOn(log, { toolResultMaxTokens: 5000 }).request();
    expect(sent).toHaveLength(4);
    expect(sent[3]?.content).toMatch(/^BEGIN/);
    expect(estimateRequestTokens(sent, [])).toBeLessThanOrEqual(OPTIONS.maxTokens);
  });

  it("names the budget when the fixed part alone is above it", async () => {
    const log = memoryLog([{ role: "user", content: "word ".repeat(2000) }]);
    const failed = windowOn(log).request();
    await expect(failed).rejects.toThrow(ContextBudgetError);
    await expect(failed).rejects.toThrow(/agent\.yaml.*context\.max_tokens.*found 400/);
  });

  it("believes the provider's count more than its own", async () => {
    const log = memoryLog([...turns(6), asks]);
    const { hooks, request } = windowOn(log);
    const before = await request();
    hooks.onModelReply?.(replyOf({ usage: { inputTokens: 700, outputTokens: 1 } }));
    const after = await request();
    expect(after.length).toBeLessThan(before.length);
  });

  it("keeps every promise for any conversation and budget", async () => {
    const call = fc.record({
      name: fc.constantFrom("lookup", "refund"),
      result: fc.string({ maxLength: 400 }),
    });
    const turn = fc.record({
      said: fc.string({ minLength: 1, maxLength: 200 }),
      calls: fc.array(fc.array(call, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
      answer: fc.string({ maxLength: 120 }),
      fact: fc.boolean(),
    });
    const setting = fc.record({
      all: fc.array(turn, { minLength: 1, maxLength: 12 }),
      isOpen: fc.boolean(),
      maxTokens: fc.integer({ min: 20, max: 600 }),
      targetShare: fc.double({ min: 0.1, max: 1, noNaN: true }),
      summaryMaxTokens: fc.integer({ min: 1, max: 200 }),
    });
    let fittedRequests = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(setting, async ({ all, isOpen, ...options }) => {
        const messages = all.flatMap((one, index) =>
          messagesOf(one, index, isOpen && index === all.length - 1),
        );
        const facts = all.flatMap((one, index) => (one.fact ? [`FACT-${index}!`] : []));
        const log = memoryLog(messages);
        const pin = { effects: true, patterns: [/FACT-\d+!/u], maxFacts: 50 };
        const { request, fitted } = windowOn(log, { ...options, pin });
        let sent: readonly Message[];
        try {
          sent = await request();
        } catch (error) {
          expect(error).toBeInstanceOf(ContextBudgetError);
          expect((error as ContextBudgetError).fixedTokens).toBeGreaterThan(options.maxTokens);
          refused += 1;
          return;
        }
        expect(estimateRequestTokens(sent, [])).toBeLessThanOrEqual(options.maxTokens);
        expect(sent[0]).toEqual(SYSTEM);
        expect(sent).toContainEqual(messages.findLast(({ role }) => role === "user"));
        expect(sent.find(({ role }) => role !== "system")?.role).toBe("user");
        expectPairs(sent);
        if (fitted.some(({ summarisedMessages }) => summarisedMessages > 0)) {
          fittedRequests += 1;
          for (const fact of facts) expect(text(sent)).toContain(fact);
        }
        expect(log.messages).toEqual(messages);
        expect(await windowOn(memoryLog(messages), { ...options, pin }).request()).toEqual(sent);
      }),
      { numRuns: 300 },
    );
    expect(fittedRequests).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(5);
  });

  it("stays within its budget while a conversation grows", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ role: fc.constantFrom("u", "c"), size: fc.nat(600) }), { maxLength: 60 }),
        async (moves) => {
          const log = memoryLog([asks]);
          const { request } = windowOn(log, { maxTokens: 500 });
          for (const [index, { role, size }] of moves.entries()) {
            const content = "ab 1".repeat(size / 4);
            if (role === "u") {
              log.append({ role: "assistant", content: content.slice(0, 200) });
              log.append({ role: "user", content: content.slice(0, 400) });
            } else {
              const id = `call-${index}`;
              log.append({
                role: "assistant",
                content: null,
                toolCalls: [{ id, name: "read", arguments: {} }],
              });
              log.append({ role: "tool", toolCallId: id, name: "read", content });
            }
            const sent = await request();
            expect(estimateRequestTokens(sent, [])).toBeLessThanOrEqual(500);
            expectPairs(sent);
            expect(sent).toContainEqual(log.messages.findLast((message) => message.role === "user"));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("an agent with a context window", () => {
  it("still knows of a refund of the first turn when that turn is gone", async () => {
    const refund = { order_id: "A-1055", amount_usd: 20, reason: "damaged" };
    const model = modelOf((_request, index) =>
      index === 0
        ? replyOf({ toolCalls: [{ id: "1", name: "refund_order", arguments: refund }] })
        : replyOf({ text: `Noted. ${"Blah. ".repeat(60)}` }),
    );
    const script = [
      "Refund 20 dollars of A-1055, it was damaged.",
      ..."abcdefgh".split(""),
      "Was it refunded?",
    ];
    const trial = await runWith(
      model,
      [contextWindow({ ...OPTIONS, maxTokens: 2000, summaryMaxTokens: 1 })],
      { environment: loadOrders(), goldenCase: caseOf({ kind: "user", goal: "x", script }) },
    );
    expect(trial.status).toBe("completed");
    const last = model.requests.at(-1)?.messages ?? [];
    expect(last.some(({ content }) => content?.startsWith("Refund 20"))).toBe(false);
    expect(text(last)).toContain("Done, do not repeat: refund_order");
    expect(text(last)).toContain("A-1055");
  });
});

interface RandomTurn {
  readonly said: string;
  readonly calls: readonly (readonly { readonly name: string; readonly result: string }[])[];
  readonly answer: string;
  readonly fact: boolean;
}

function messagesOf({ said, calls, answer, fact }: RandomTurn, turn: number, isOpen: boolean): Message[] {
  const steps = calls.flatMap((step, index): Message[] => {
    const toolCalls = step.map(({ name }, place) => ({
      id: `${turn}-${index}-${place}`,
      name,
      arguments: {},
    }));
    return [
      { role: "assistant", content: null, toolCalls },
      ...step.map(({ name, result }, place): Message => {
        return { role: "tool", toolCallId: `${turn}-${index}-${place}`, name, content: result };
      }),
    ];
  });
  const user: Message = { role: "user", content: fact ? `${said} FACT-${turn}!` : said };
  return [user, ...steps, ...(isOpen ? [] : [{ role: "assistant", content: answer } as const])];
}

/** Each call has its result right after it, and no result stands alone. */
function expectPairs(messages: readonly Message[]): void {
  let open: string[] = [];
  for (const message of messages) {
    if (message.role === "tool") {
      expect(open).toContain(message.toolCallId);
      open = open.filter((id) => id !== message.toolCallId);
      continue;
    }
    expect(open).toEqual([]);
    if (message.role === "assistant") open = (message.toolCalls ?? []).map(({ id }) => id);
  }
  expect(open).toEqual([]);
}
