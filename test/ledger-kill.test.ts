import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BOOKING_CENTS, REFUND_CENTS } from "./fixtures/ledger/flow.js";
import { KillBench, type Observed, type Scenario } from "./ledger-kill.js";

/** `full` kills at every boundary of everything, and every resumption at every boundary; otherwise a seeded choice. */
const SWEEP = process.env.AGENTCTL_KILL_SWEEP === "full" ? "full" : "seeded";
const SEED = 20261121;
const DOUBLE_KILLS = 6;
const UNDO_KILLS = 16;

const systems = new KillBench();
const figures = { killed: 0, killedTwice: 0, lost: 0, doubled: 0 };

beforeAll(() => systems.start(), 60_000);
afterAll(async () => {
  await systems.stop();
  process.stdout.write(
    `kill test: ${figures.killed} boundaries killed, ${figures.killedTwice} again during resumption, ` +
      `effects lost ${figures.lost}, doubled ${figures.doubled}\n`,
  );
});

interface Ending {
  readonly facts: { readonly [fact: string]: number };
  readonly reply: RegExp;
}

const ALL_DONE: Ending = {
  facts: {
    cancelled: 1,
    refunds: 1,
    charged_back: 0,
    bookings: 1,
    customer: REFUND_CENTS - BOOKING_CENTS,
    merchant: -REFUND_CENTS,
    hotel: BOOKING_CENTS,
  },
  reply: /^DONE cancel refund book$/,
};
const UNDONE: Ending = {
  facts: { cancelled: 0, refunds: 1, charged_back: 1, bookings: 0, customer: 0, merchant: 0, hotel: 0 },
  reply: /book failed\. What had been changed before was undone \(refund, cancel\), so nothing has changed/,
};
const NOTHING: Ending = {
  facts: { cancelled: 0, refunds: 0, charged_back: 0, bookings: 0, customer: 0, merchant: 0, hotel: 0 },
  reply: /^FAILED after $/,
};

function factOf({ facts }: Observed, name: string): number {
  return facts[name] ?? 0;
}

function replies({ messages }: Observed): readonly string[] {
  return messages.flatMap((one) =>
    one.role === "assistant" && (one.toolCalls ?? []).length === 0 ? [one.content ?? ""] : [],
  );
}

/** What must hold at every moment, be the process dead or alive. */
function checkAlways(seen: Observed): void {
  const money = ["customer", "merchant", "hotel"].reduce((sum, name) => sum + factOf(seen, name), 0);
  expect(money).toBe(0);
  const doubled = ["refunds", "charged_back", "bookings"].filter((name) => factOf(seen, name) > 1);
  figures.doubled += doubled.length;
  expect(doubled).toEqual([]);
  const isUndone = factOf(seen, "charged_back") === 1;
  if (factOf(seen, "refunds") === 1 && !isUndone) expect(factOf(seen, "cancelled")).toBe(1);
  if (factOf(seen, "bookings") === 1) expect(factOf(seen, "refunds")).toBe(1);
  if (replies(seen).some((text) => text.startsWith("DONE"))) {
    expect([factOf(seen, "cancelled"), factOf(seen, "refunds"), factOf(seen, "bookings")]).toEqual([1, 1, 1]);
  }
  if (replies(seen).some((text) => text.includes("so nothing has changed"))) {
    expect([factOf(seen, "cancelled"), factOf(seen, "customer"), factOf(seen, "bookings")]).toEqual([
      0, 0, 0,
    ]);
  }
}

function checkEnding(seen: Observed, ending: Ending): void {
  checkAlways(seen);
  const expected = Object.entries(ending.facts);
  figures.lost += expected.filter(
    ([name, value]) => factOf(seen, name) < Math.min(value, 1) && value > 0,
  ).length;
  expect(Object.fromEntries(expected.map(([name]) => [name, factOf(seen, name)]))).toEqual(ending.facts);
  expect(replies(seen)).toHaveLength(1);
  expect(replies(seen)[0]).toMatch(ending.reply);
  expect(seen.effects.filter(({ status }) => status === "intended" || status === "unknown")).toEqual([]);
}

/** Runs the scenario undisturbed: how it ends, and which boundaries it passes. */
async function undisturbed(scenario: Scenario, ending: Ending): Promise<readonly string[]> {
  const folder = await systems.reset(scenario.fault);
  await systems.work(folder, scenario, null);
  checkEnding(await systems.observe(folder), ending);
  return systems.boundaries(folder);
}

/** Kills the first worker at a boundary, and the second at another when one is given, then lets a third finish. */
async function killAndResume(
  scenario: Scenario,
  ending: Ending,
  first: number,
  second: number | null,
): Promise<number> {
  const folder = await systems.reset(scenario.fault);
  const place = `killed at ${first}, then at ${second}`;
  const died = await systems.work(folder, scenario, first);
  expect(died.wasKilled, place).toBe(true);
  checkAlways(await systems.observe(folder));
  const before = systems.boundaries(folder).length;
  if (second !== null) {
    const again = await systems.work(folder, scenario, second);
    if (again.wasKilled) {
      figures.killedTwice += 1;
      checkAlways(await systems.observe(folder));
    }
  }
  const started = systems.boundaries(folder).length;
  await systems.work(folder, scenario, null);
  const seen = await systems.observe(folder);
  try {
    checkEnding(seen, ending);
  } catch (error) {
    const passed = systems.boundaries(folder);
    const told = `${place} (${passed[first - 1]}): ${JSON.stringify({ ...seen, passed: passed.slice(before) })}`;
    throw new Error(`${told}\n${String(error)}`, { cause: error });
  }
  return systems.boundaries(folder).length - started;
}

async function sweep(scenario: Scenario, ending: Ending, most: number): Promise<void> {
  const boundaries = await undisturbed(scenario, ending);
  const all = boundaries.map((_, index) => index + 1);
  const pairs: (readonly [number, number])[] = [];
  for (const at of SWEEP === "full" || all.length <= most ? all : seededChoice(all, most)) {
    const resumed = await killAndResume(scenario, ending, at, null);
    figures.killed += 1;
    for (let second = 1; second <= resumed; second += 1) pairs.push([at, second]);
  }
  const chosen = SWEEP === "full" ? pairs : seededChoice(pairs, DOUBLE_KILLS);
  for (const [first, second] of chosen) await killAndResume(scenario, ending, first, second);
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function seededChoice<T>(items: readonly T[], count: number): readonly T[] {
  let state = SEED;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  const left = [...items];
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(next() % left.length, 1)[0] as T,
  );
}

const LONG = SWEEP === "full" ? 3_600_000 : 240_000;

describe("cancel, refund, book: killed at the boundaries", () => {
  it("of a flow that goes well, every one", () => sweep({ asks: "steps" }, ALL_DONE, 1000), LONG);

  it(
    "of a flow whose booking is refused and that is undone",
    () => sweep({ asks: "steps", fault: { op: "book", mode: "refuse", times: 1 } }, UNDONE, UNDO_KILLS),
    LONG,
  );

  it(
    "where nobody can say whether it was booked: a person is asked, and nothing is booked twice",
    async () => {
      const scenario: Scenario = { asks: "steps", canLookUp: false };
      const boundaries = await undisturbed(scenario, ALL_DONE);
      const sent = boundaries.indexOf("before sending book") + 1;
      for (const at of [sent, sent + 1, sent + 2]) {
        const folder = await systems.reset(undefined);
        expect((await systems.work(folder, scenario, at)).wasKilled).toBe(true);
        await systems.work(folder, scenario, null);
        const seen = await systems.observe(folder);
        checkAlways(seen);
        expect(factOf(seen, "bookings")).toBe(at === sent ? 0 : 1);
        expect(replies(seen)).toEqual([expect.stringMatching(/do not know for certain what became of book/)]);
        expect(seen.effects.at(-1)?.status).toBe("unknown");
        figures.killed += 1;
      }
    },
    LONG,
  );
});

describe("systems that misbehave", () => {
  it.each([
    ["500 after it cancelled", { op: "cancel", mode: "500-after-commit", times: 1 }],
    ["500 after it refunded, three times", { op: "refund", mode: "500-after-commit", times: 3 }],
    ["500 after it booked", { op: "book", mode: "500-after-commit", times: 1 }],
    ["no answer after it cancelled", { op: "cancel", mode: "hang-after-commit", times: 1 }],
    ["no answer after it refunded", { op: "refund", mode: "hang-after-commit", times: 1 }],
    ["no answer after it booked", { op: "book", mode: "hang-after-commit", times: 1 }],
  ] as const)("%s", async (_, fault) => {
    await undisturbed({ asks: "steps", fault }, ALL_DONE);
  });

  it("a first step that is refused stops the others of the same reply", async () => {
    await undisturbed({ asks: "batch", fault: { op: "cancel", mode: "refuse", times: 1 } }, NOTHING);
  });

  it("three steps of one reply are done, and undone when the last is refused", async () => {
    await undisturbed({ asks: "batch" }, ALL_DONE);
    await undisturbed({ asks: "batch", fault: { op: "book", mode: "refuse", times: 1 } }, UNDONE);
  });

  it("a refused connection undoes what was done before", async () => {
    const folder = await systems.reset(undefined);
    await systems.work(folder, { asks: "steps" }, null, { ...systems.ports, payments: await closedPort() });
    const seen = await systems.observe(folder);
    checkAlways(seen);
    expect([factOf(seen, "cancelled"), factOf(seen, "refunds")]).toEqual([0, 0]);
    expect(replies(seen)[0]).toMatch(/refund failed\. What had been changed before was undone \(cancel\)/);
  });
});

describe("two processes that resume one session", () => {
  it("one wins; the other does nothing", async () => {
    const scenario: Scenario = { asks: "steps", fault: { op: "refund", mode: "slow", times: 9 } };
    const boundaries = await undisturbed(scenario, ALL_DONE);
    const folder = await systems.reset(scenario.fault);
    await systems.work(folder, scenario, boundaries.indexOf("before sending refund") + 1);
    const both = await Promise.all([1, 2].map(() => systems.work(folder, scenario, null)));
    checkEnding(await systems.observe(folder), ALL_DONE);
    const turns = both.map(({ stdout }) => JSON.parse(stdout) as readonly unknown[] | null);
    expect(turns.filter((one) => one !== null && one.length === 1)).toHaveLength(1);
  });
});
