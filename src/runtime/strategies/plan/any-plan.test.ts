import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../core/hash.js";
import type { Message } from "../../../core/message.js";
import type { ModelRequest } from "../../../models/model.js";
import type { ConversationLog } from "../../conversation-log.js";
import type { Tool, ToolArguments } from "../../tools/tool.js";
import { replyWith, toolOf } from "../testing/world.js";
import type { PlanState } from "./plan.js";
import { planned, scene, step, strategyOf } from "./testing/plan-scene.js";

interface Node {
  readonly id: string;
  readonly after: readonly string[];
  readonly fails: boolean;
  readonly kind: "read" | "soft" | "final";
}

const REVERSIBILITY = { read: "read", soft: "reversible", final: "irreversible" } as const;
const KINDS = ["read", "soft", "final"] as const;

/** Steps that wait for earlier ones only, some of which fail. */
const dag: fc.Arbitrary<readonly Node[]> = fc
  .array(
    fc.record({
      edges: fc.array(fc.nat(), { maxLength: 3 }),
      fails: fc.integer({ min: 0, max: 3 }).map((one) => one === 0),
      kind: fc.constantFrom(...KINDS),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((nodes) =>
    nodes.map(({ edges, fails, kind }, index) => ({
      id: `s${index}`,
      after: index === 0 ? [] : [...new Set(edges.map((edge) => `s${edge % index}`))],
      fails,
      kind,
    })),
  );

function planOf(nodes: readonly Node[], seed: number) {
  const shuffled = nodes.toSorted(
    (a, b) => ((a.id.charCodeAt(1) * seed) % 7) - ((b.id.charCodeAt(1) * seed) % 7),
  );
  return planned(shuffled.map(({ id, kind, after }) => step(id, kind, { node: id }, { after })));
}

/** Those of which no prerequisite, however far back, fails. */
function runnable(nodes: readonly Node[]): ReadonlySet<string> {
  const may = new Set<string>();
  const fails = new Set(nodes.filter((node) => node.fails).map(({ id }) => id));
  for (const { id, after } of nodes) {
    if (after.every((one) => may.has(one) && !fails.has(one))) may.add(id);
  }
  return may;
}

function expectOrder(ran: readonly string[], nodes: readonly Node[]): void {
  for (const { id, after } of nodes) {
    if (!ran.includes(id)) continue;
    for (const one of after) expect(ran.indexOf(one)).toBeLessThan(ran.indexOf(id));
  }
}

describe("any plan", () => {
  it("runs a step once, after its prerequisites, and never after one that failed or was skipped", async () => {
    await fc.assert(
      fc.asyncProperty(dag, fc.nat(1000), async (nodes, seed) => {
        const ran: string[] = [];
        const answer = ({ node }: ToolArguments) => {
          ran.push(String(node));
          return nodes.find(({ id }) => id === node)?.fails ? new Error("no") : { ok: true };
        };
        const tools = KINDS.map((kind) => toolOf(kind, answer, { reversibility: REVERSIBILITY[kind] }));
        const { conversation } = scene(
          [planOf(nodes, seed), replyWith({ text: "ok" })],
          tools,
          strategyOf(0),
        );
        await conversation.receive("go");
        expect(ran.toSorted()).toEqual([...runnable(nodes)].toSorted());
        expectOrder(ran, nodes);
      }),
      { numRuns: 100 },
    );
  });
});

/** What a process leaves behind when it dies. */
interface Disk {
  messages: Message[];
  notes: Record<string, Json>;
}

class Killed extends Error {}

/** One process on a disk: it dies before the write with the given number, and nothing happens in it after that. */
class Life {
  private writes = 0;
  isDead = false;
  readonly log: ConversationLog;

  constructor(
    disk: Disk,
    private readonly dieAt: number,
  ) {
    const messages = structuredClone(disk.messages);
    this.log = {
      messages,
      append: (message) => {
        this.breathe();
        messages.push(message);
        disk.messages = structuredClone(messages);
      },
      note: (key) => structuredClone(disk.notes[key]),
      setNote: (key, value) => {
        this.breathe();
        const { [key]: _, ...others } = disk.notes;
        disk.notes = value === null ? others : { ...others, [key]: structuredClone(value) };
      },
      keep: () => {},
    };
  }

  private breathe(): void {
    if (this.writes++ === this.dieAt) this.isDead = true;
    if (this.isDead) throw new Killed();
  }
}

describe("any plan whose process is killed again and again", () => {
  /** Plans what is left of the nodes under new ids, as a model does that reads the state of its plan. */
  function replanned(nodes: readonly Node[], state: string, revision: number) {
    const statusOf = (id: string) => new RegExp(`^(?:n\\d+-)?${id} \\S+ ?: (\\w+)`, "m").exec(state)?.[1];
    const idNow = (id: string) => new RegExp(`^((?:n\\d+-)?${id}) \\S+ ?: done`, "m").exec(state)?.[1];
    const may = runnable(nodes.map((node) => ({ ...node, fails: statusOf(node.id) === "failed" })));
    const left = nodes.filter(({ id }) => may.has(id) && statusOf(id) === "pending");
    return planned(
      left.map(({ id, kind, after }) =>
        step(
          `n${revision}-${id}`,
          kind,
          { node: id },
          { after: after.map((one) => idNow(one) ?? `n${revision}-${one}`) },
        ),
      ),
    );
  }

  it("repeats nothing that is known to have ended, and runs nothing after a failure", async () => {
    await fc.assert(
      fc.asyncProperty(
        dag,
        fc.nat(1000),
        fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 12 }),
        fc.integer({ min: 0, max: 2 }),
        async (nodes, seed, deaths, maxReplans) => {
          const disk: Disk = { messages: [], notes: {} };
          const began: string[] = [];
          const keys = new Map<string, Set<string | null>>();
          let plans = 0;
          const think = (request: ModelRequest) => {
            if (request.responseSchema === undefined) return replyWith({ text: "ok" });
            const last = request.messages.at(-1)?.content ?? "";
            if (!last.startsWith("<plan_state")) return planOf(nodes, seed);
            return replanned(nodes, last, ++plans);
          };
          const toolsOf = (life: Life): readonly Tool[] =>
            KINDS.map((kind) => ({
              ...toolOf(kind, () => ({})),
              reversibility: REVERSIBILITY[kind],
              isIdempotent: true,
              call: async ({ node }, { idempotencyKey }) => {
                const id = String(node);
                if (life.isDead) throw new Killed();
                const isKnown = disk.messages.some(
                  (message) => message.role === "tool" && message.content.includes(`"${id}"`),
                );
                expect(isKnown).toBe(false);
                if (!began.includes(id)) began.push(id);
                keys.set(id, (keys.get(id) ?? new Set()).add(idempotencyKey));
                await Promise.resolve();
                const fails = nodes.find((one) => one.id === id)?.fails === true;
                return { content: `{"node":"${id}"}`, isError: fails };
              },
            }));
          for (const dieAt of [...deaths, Number.POSITIVE_INFINITY]) {
            const life = new Life(disk, dieAt);
            const { conversation } = scene(think, toolsOf(life), strategyOf(maxReplans), life.log);
            try {
              const isNew = disk.messages.length === 0;
              await (isNew ? conversation.receive("go") : conversation.resume());
            } catch (error) {
              if (!(error instanceof Killed)) throw error;
              continue;
            }
            if (disk.messages.at(-1)?.content === "ok") break;
          }
          expect(disk.messages.at(-1)).toEqual({ role: "assistant", content: "ok" });
          const left = (disk.notes["strategy.plan"] ?? { steps: [] }) as unknown as Pick<PlanState, "steps">;
          expect(left.steps.filter(({ status }) => ["pending", "running"].includes(status))).toEqual([]);
          const may = runnable(nodes);
          for (const id of began) expect(may.has(id)).toBe(true);
          if (maxReplans === 0) expect(began.toSorted()).toEqual([...may].toSorted());
          expectOrder(began, nodes);
          // The same key for each call of a step: a system that keeps keys does it once.
          for (const used of keys.values()) expect(used.size).toBe(1);
        },
      ),
      { numRuns: 150 },
    );
  });
});
