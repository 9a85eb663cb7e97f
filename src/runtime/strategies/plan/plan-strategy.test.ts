import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../core/hash.js";
import type { Message } from "../../../core/message.js";
import type { ConversationLog } from "../../conversation-log.js";
import type { ConversationPart } from "../../conversation-part.js";
import type { Tool } from "../../tools/tool.js";
import { TurnStopped } from "../../turn.js";
import { agentOf, modelOf, openConversation, replyWith, toolOf } from "../testing/world.js";
import { planStrategy } from "./plan-strategy.js";

const HANDOVER = "A person takes over.";

function strategyOf(maxReplans = 2, threshold: number | null = null) {
  return planStrategy({ gate: { threshold, handover: HANDOVER }, maxReplans, maxSteps: 30 });
}

function scene(
  replies: Parameters<typeof modelOf>[0],
  tools: readonly Tool[],
  strategy = strategyOf(),
  log?: ConversationLog,
) {
  const model = modelOf(replies);
  return {
    model,
    ...openConversation(agentOf(model, { strategy, tools }), log === undefined ? {} : { log }),
  };
}

const planned = (steps: readonly object[], more: object = {}) =>
  replyWith({ json: { thought: "So.", steps, ...more } });
const step = (id: string, tool: string, args: object = {}, more: object = {}) => ({
  id,
  tool,
  arguments: args,
  ...more,
});

/** A log in a file, as a service keeps it. */
function fileLog(path: string): ConversationLog {
  const state: { messages: Message[]; notes: Record<string, Json> } = (() => {
    try {
      return JSON.parse(readFileSync(path, "utf8"));
    } catch {
      return { messages: [], notes: {} };
    }
  })();
  const save = () => writeFileSync(path, JSON.stringify(state));
  return {
    messages: state.messages,
    append: (message) => {
      state.messages.push(message);
      save();
    },
    note: (key) => state.notes[key],
    setNote: (key, value) => {
      if (value === null) delete state.notes[key];
      else state.notes[key] = value;
      save();
    },
  };
}

describe("plan", () => {
  it("carries out dependent steps in order with values of earlier results, and answers", async () => {
    const look = toolOf("look", () => ({ order: { total: 20, status: "delivered" } }));
    const refund = toolOf("refund", () => ({ ok: true }), { reversibility: "irreversible" });
    const { conversation, model, of, log } = scene(
      [
        planned([
          step(
            "refund",
            "refund",
            { amount: { $from: "look", path: "order.total" } },
            { preconditions: [{ from: "look", path: "order.status", op: "in", value: ["delivered"] }] },
          ),
          step("look", "look", { id: "A" }),
        ]),
        replyWith({ text: "Refunded 20." }),
      ],
      [look, refund],
    );
    expect(await conversation.receive("Refund A")).toBe("answered");
    expect(look.calls).toEqual([{ id: "A" }]);
    expect(refund.calls).toEqual([{ amount: 20 }]);
    expect(model.requests).toHaveLength(2);
    expect(model.requests[0]?.responseSchema).toBeDefined();
    expect(of("plan_updated").map(({ steps }) => steps.map(({ status }) => status))).toEqual([
      ["pending", "pending"],
      ["pending", "done"],
      ["done", "done"],
    ]);
    expect(of("response_sent")).toEqual([{ text: "Refunded 20." }]);
    expect(log.note("strategy.plan")).toBeUndefined();
  });

  it("runs independent reads at the same time, and what cannot be undone one after the other", async () => {
    let open = 0;
    let most = 0;
    const slow = (name: string, reversibility: Tool["reversibility"]): Tool => ({
      ...toolOf(name, () => ({})),
      reversibility,
      call: async () => {
        most = Math.max(most, ++open);
        await new Promise((done) => setTimeout(done, 5));
        open -= 1;
        return { content: "{}", isError: false };
      },
    });
    const reads = scene(
      [planned([step("a", "r"), step("b", "r"), step("c", "r")]), replyWith({ text: "ok" })],
      [slow("r", "read")],
    );
    await reads.conversation.receive("go");
    expect(most).toBe(3);
    most = 0;
    const writes = scene(
      [planned([step("a", "w"), step("b", "w"), step("c", "w")]), replyWith({ text: "ok" })],
      [slow("w", "irreversible")],
    );
    await writes.conversation.receive("go");
    expect(most).toBe(1);
  });

  it("plans anew from where things stand when a step fails, and keeps what is done", async () => {
    const look = toolOf("look", () => ({ id: 7 }));
    const fails = toolOf("fails", () => new Error("closed"));
    const other = toolOf("other", () => ({}));
    const { conversation, model, of } = scene(
      [
        planned([
          step("a", "look"),
          step("b", "fails", {}, { after: ["a"] }),
          step("c", "other", {}, { after: ["b"] }),
        ]),
        planned([step("d", "other", { id: { $from: "a", path: "id" } })]),
        replyWith({ text: "By another way." }),
      ],
      [look, fails, other],
    );
    expect(await conversation.receive("go")).toBe("answered");
    expect([look.calls.length, fails.calls.length]).toEqual([1, 1]);
    expect(other.calls).toEqual([{ id: 7 }]);
    expect(model.requests[1]?.messages.at(-1)?.content).toMatch(
      /a look: done\nb fails: failed\nc other: skipped/,
    );
    expect(of("plan_updated").map(({ revision }) => revision)).toEqual([0, 0, 0, 1, 1]);
  });

  it("without replans still does what does not depend on the failure", async () => {
    const fails = toolOf("fails", () => new Error("closed"));
    const other = toolOf("other", () => ({}), { reversibility: "irreversible" });
    const { conversation, of } = scene(
      [
        planned([
          step("a", "fails"),
          step("b", "other", {}, { after: ["a"] }),
          step("c", "other", { free: true }),
        ]),
        replyWith({ text: "Half of it." }),
      ],
      [fails, other],
      strategyOf(0),
    );
    await conversation.receive("go");
    expect(other.calls).toEqual([{ free: true }]);
    expect(
      of("plan_updated")
        .at(-1)
        ?.steps.map(({ id, status }) => `${id} ${status}`),
    ).toEqual(["a failed", "b skipped", "c done"]);
  });

  it("stops planning anew at max_replans", async () => {
    const fails = toolOf("fails", () => new Error("closed"));
    let plans = 0;
    const { conversation } = scene(
      (request) => {
        if (request.responseSchema === undefined) return replyWith({ text: "It does not work." });
        plans += 1;
        return planned([step(`s${plans}`, "fails")]);
      },
      [fails],
    );
    expect(await conversation.receive("go")).toBe("answered");
    expect(plans).toBe(3);
    expect(fails.calls).toHaveLength(3);
  });

  it("skips an optional step without planning anew", async () => {
    const look = toolOf("look", () => ({ status: "shipped" }));
    const cancel = toolOf("cancel", () => ({}), { reversibility: "irreversible" });
    const { conversation, model } = scene(
      [
        planned([
          step("a", "look"),
          step(
            "b",
            "cancel",
            {},
            { optional: true, preconditions: [{ from: "a", path: "status", op: "eq", value: "processing" }] },
          ),
        ]),
        replyWith({ text: "It has shipped." }),
      ],
      [look, cancel],
    );
    await conversation.receive("Cancel it if you can");
    expect(cancel.calls).toEqual([]);
    expect(model.requests).toHaveLength(2);
  });

  it("says the reply of a plan without steps", async () => {
    const { conversation, of, model } = scene([planned([], { reply: "Which order?" })], []);
    expect(await conversation.receive("Cancel it")).toBe("answered");
    expect(of("response_sent")).toEqual([{ text: "Which order?" }]);
    expect(model.requests).toHaveLength(1);
  });

  it("has a plan that cannot be carried out repaired once", async () => {
    const look = toolOf("look", () => ({}));
    const { conversation, model } = scene(
      [
        planned([step("a", "fly"), step("b", "look", {}, { after: ["b"] })]),
        planned([step("a", "look")]),
        replyWith({ text: "ok" }),
      ],
      [look],
    );
    expect(await conversation.receive("go")).toBe("answered");
    const asked = model.requests[1]?.messages.at(-1)?.content;
    expect(asked).toContain("there is no tool fly");
    expect(asked).toContain("steps b wait for one another");
  });

  it("hands over after a second useless plan, and runs nothing", async () => {
    const look = toolOf("look", () => ({}));
    const { conversation, of } = scene([replyWith({ text: "Sure!" }), planned([step("a", "fly")])], [look]);
    expect(await conversation.receive("go")).toBe("escalated");
    expect(of("guardrail_triggered")).toMatchObject([{ rule: "tool.plan", action: "escalate" }]);
    expect(of("response_sent")).toEqual([{ text: HANDOVER }]);
  });

  it("hands over before anything runs when a side effect is too unsure", async () => {
    const look = toolOf("look", () => ({}));
    const cancel = toolOf("cancel", () => ({}), { reversibility: "irreversible" });
    const { conversation, of } = scene(
      [planned([step("a", "look", {}, { confidence: 0.1 }), step("b", "cancel", {}, { confidence: 0.5 })])],
      [look, cancel],
      strategyOf(2, 0.7),
    );
    expect(await conversation.receive("go")).toBe("escalated");
    expect([look.calls, cancel.calls]).toEqual([[], []]);
    expect(of("guardrail_triggered")).toMatchObject([{ detail: "confidence below 0.7 (cancel: 0.5)" }]);
  });

  it("passes the limit of steps on", async () => {
    const model = modelOf([planned([step("a", "look")])]);
    const agent = agentOf(model, {
      strategy: strategyOf(),
      tools: [toolOf("look", () => ({}))],
      limits: { maxSteps: 1, timeoutMs: 10_000, budgetUsd: null, toolResultMaxChars: 100 },
    });
    expect(await openConversation(agent).conversation.receive("go")).toBe("step_limit");
  });

  it("goes on with an open plan once the user has answered a question of a tool layer", async () => {
    const look = toolOf("look", () => ({ id: 7 }));
    const cancel = toolOf("cancel", () => ({}), { reversibility: "irreversible" });
    let isConfirmed = false;
    const confirm: ConversationPart = {
      name: "confirm",
      open: () => ({
        onUserMessage: (text) => {
          isConfirmed = text === "yes";
          return { kind: "pass", text };
        },
        toolLayer: (invocation, next) => {
          if (invocation.tool.reversibility === "irreversible" && !isConfirmed) {
            throw new TurnStopped("answered", "Shall I?");
          }
          return next(invocation);
        },
      }),
    };
    const model = modelOf([
      planned([step("a", "look"), step("b", "cancel", { id: { $from: "a", path: "id" } })]),
      planned([step("c", "cancel", { id: { $from: "a", path: "id" } })]),
      replyWith({ text: "Cancelled." }),
    ]);
    const { conversation, of } = openConversation(
      agentOf(model, { strategy: strategyOf(), tools: [look, cancel], parts: [confirm] }),
    );
    expect(await conversation.receive("Cancel it")).toBe("answered");
    expect(cancel.calls).toEqual([]);
    expect(await conversation.receive("yes")).toBe("answered");
    expect(look.calls).toHaveLength(1);
    expect(cancel.calls).toEqual([{ id: 7 }]);
    expect(of("response_sent").map(({ text }) => text)).toEqual(["Shall I?", "Cancelled."]);
  });
});

describe("a plan that a crash cut off", () => {
  const steps = [
    step("a", "note", { n: 1 }),
    step("b", "note", { n: 2 }, { after: ["a"] }),
    step("c", "note", { n: 3 }, { after: ["b"] }),
  ];

  /** Effects by idempotency key, as a ledger or a system of record keeps them. */
  function recorder(effects: Map<string, number>, crashAt: number | null): Tool {
    let calls = 0;
    return {
      ...toolOf("note", () => ({})),
      reversibility: "irreversible",
      call: async (args, { idempotencyKey }) => {
        effects.set(idempotencyKey ?? "", (effects.get(idempotencyKey ?? "") ?? 0) + 1);
        calls += 1;
        if (calls === crashAt) throw new Error("killed");
        return { content: JSON.stringify(args), isError: false };
      },
    };
  }

  it.each([1, 2, 3])(
    "is resumed after a crash in call %i: finished steps are not run again",
    async (crashAt) => {
      const folder = mkdtempSync(join(tmpdir(), "agentctl-plan-"));
      try {
        const path = join(folder, "log.json");
        const effects = new Map<string, number>();
        const first = scene([planned(steps)], [recorder(effects, crashAt)], strategyOf(), fileLog(path));
        await expect(first.conversation.receive("go")).rejects.toThrow("killed");
        const second = scene(
          [replyWith({ text: "All done." })],
          [recorder(effects, null)],
          strategyOf(),
          fileLog(path),
        );
        expect(await second.conversation.resume()).toBe("answered");
        // The call in which the process died is made again with the same key; all others once.
        expect([...effects.values()]).toEqual([1, 2, 3].map((call) => (call === crashAt ? 2 : 1)));
        expect(second.model.requests).toHaveLength(1);
        expect(
          second
            .of("plan_updated")
            .at(-1)
            ?.steps.every(({ status }) => status === "done"),
        ).toBe(true);
        expect(fileLog(path).note("strategy.plan")).toBeUndefined();
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it("knows after the crash that a step failed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "agentctl-plan-"));
    try {
      const path = join(folder, "log.json");
      const tools = [toolOf("fails", () => new Error("closed")), toolOf("note", () => ({}))];
      const plan = planned([step("a", "fails"), step("b", "note", {}, { after: ["a"] })]);
      const first = scene([plan, new Error("killed")], tools, strategyOf(1), fileLog(path));
      await expect(first.conversation.receive("go")).rejects.toThrow("killed");
      const second = scene(
        [planned([]), replyWith({ text: "It did not work." })],
        tools,
        strategyOf(1),
        fileLog(path),
      );
      expect(await second.conversation.resume()).toBe("answered");
      expect(tools.map(({ calls }) => calls.length)).toEqual([1, 0]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("any plan", () => {
  /** Steps that wait for earlier ones only, shuffled in the plan, some of which fail. */
  const dag = fc
    .array(
      fc.record({ edges: fc.array(fc.nat()), fails: fc.boolean(), kind: fc.constantFrom("read", "final") }),
      {
        minLength: 1,
        maxLength: 9,
      },
    )
    .map((nodes) =>
      nodes.map(({ edges, fails, kind }, index) => ({
        id: `s${index}`,
        after: index === 0 ? [] : [...new Set(edges.map((edge) => `s${edge % index}`))],
        fails,
        kind,
      })),
    );

  it("runs a step once, after its prerequisites, and never after one that failed or was skipped", async () => {
    await fc.assert(
      fc.asyncProperty(dag, fc.integer({ min: 0, max: 1000 }), async (nodes, seed) => {
        const ran: string[] = [];
        const answer = ({ id }: { readonly [key: string]: Json }) => {
          ran.push(String(id));
          return nodes.find((node) => node.id === id)?.fails ? new Error("no") : { ok: true };
        };
        const tools = [toolOf("read", answer), toolOf("final", answer, { reversibility: "irreversible" })];
        const shuffled = nodes.toSorted(
          (a, b) => ((a.id.charCodeAt(1) * seed) % 7) - ((b.id.charCodeAt(1) * seed) % 7),
        );
        const plan = shuffled.map(({ id, kind, after }) => step(id, kind, { id }, { after }));
        const { conversation } = scene([planned(plan), replyWith({ text: "ok" })], tools, strategyOf(0));
        await conversation.receive("go");
        const mayRun = new Set<string>();
        for (const { id, after } of nodes) {
          const isOpen = after.every(
            (one) => mayRun.has(one) && !nodes.find((node) => node.id === one)?.fails,
          );
          if (isOpen) mayRun.add(id);
        }
        expect(ran.toSorted()).toEqual([...mayRun].toSorted());
        for (const { id, after } of nodes) {
          if (!mayRun.has(id)) continue;
          for (const one of after) expect(ran.indexOf(one)).toBeLessThan(ran.indexOf(id));
        }
      }),
      { numRuns: 150 },
    );
  });
});
