import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../core/hash.js";
import type { Message } from "../../../core/message.js";
import type { ConversationLog } from "../../conversation-log.js";
import type { Tool } from "../../tools/tool.js";
import { replyWith, toolOf } from "../testing/world.js";
import { planned, scene, step, strategyOf } from "./testing/plan-scene.js";

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
    keep: () => {},
  };
}

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
      isIdempotent: true,
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
        // The call in which the process died is made again with the same key, as the tool allows; all others once.
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
