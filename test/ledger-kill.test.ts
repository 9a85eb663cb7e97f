import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALL_DONE, factOf, LedgerChecks, repliesOf, together, UNDONE } from "./ledger-checks.js";
import { KillBench, type Scenario } from "./ledger-kill.js";

/** `full` kills at every boundary of everything, and every resumption at every boundary; otherwise a seeded choice. */
const SWEEP = process.env.AGENTCTL_KILL_SWEEP === "full" ? "full" : "seeded";
const SEED = 20261121;
const UNDO_KILLS = 30;
const DOUBLE_KILLS = 6;

const systems = new KillBench();
const checks = new LedgerChecks();
const figures = { killed: 0, killedTwice: 0, cut: 0 };

beforeAll(() => systems.start(), 60_000);
afterAll(async () => {
  await systems.stop();
  process.stdout.write(
    `kill test: ${figures.killed} boundaries killed, ${figures.killedTwice} again during resumption, ` +
      `power cut at ${figures.cut}, ${checks}\n`,
  );
});

interface Death {
  readonly first: number;
  /** Boundary at which the second worker is killed as well; `null` when it is not. */
  readonly second: number | null;
  readonly isPowerCut: boolean;
}

/** Kills the first worker at a boundary, and perhaps the second, then lets a third finish. */
async function killAndResume(scenario: Scenario, ending: typeof ALL_DONE, death: Death): Promise<number> {
  const folder = await systems.newRun(scenario.fault);
  const died = await systems.work(folder, scenario, death.first);
  expect(died.wasKilled, JSON.stringify(death)).toBe(true);
  const before = systems.boundaries(folder).length;
  if (death.isPowerCut) systems.cutPower(folder);
  checks.always(await systems.observe(folder));
  if (death.second !== null) {
    const again = await systems.work(folder, scenario, death.second);
    if (again.wasKilled) {
      figures.killedTwice += 1;
      checks.always(await systems.observe(folder));
    }
  }
  const started = systems.boundaries(folder).length;
  await systems.work(folder, scenario, null);
  const seen = await systems.observe(folder);
  try {
    checks.ending(seen, ending);
  } catch (error) {
    const passed = systems.boundaries(folder);
    const told = `${JSON.stringify({ ...death, at: passed[death.first - 1], ...seen, resumed: passed.slice(before) })}`;
    throw new Error(`${told}\n${String(error)}`, { cause: error });
  }
  return systems.boundaries(folder).length - started;
}

async function sweep(scenario: Scenario, ending: typeof ALL_DONE, most: number): Promise<void> {
  const boundaries = await checks.undisturbed(systems, scenario, ending);
  const pairs: Death[] = [];
  await together(chosen(numbersOf(boundaries), most), async (first) => {
    const resumed = await killAndResume(scenario, ending, { first, second: null, isPowerCut: false });
    figures.killed += 1;
    for (let second = 1; second <= resumed; second += 1) pairs.push({ first, second, isPowerCut: false });
  });
  // Which lane came first must not change the choice.
  pairs.sort((left, right) => left.first - right.first || (left.second ?? 0) - (right.second ?? 0));
  await together(chosen(pairs, DOUBLE_KILLS), async (death) => {
    await killAndResume(scenario, ending, death);
  });
}

function numbersOf(boundaries: readonly string[]): readonly number[] {
  return boundaries.map((_, index) => index + 1);
}

function chosen<T>(items: readonly T[], count: number): readonly T[] {
  if (SWEEP === "full") return items;
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
const REFUSED = { op: "book", mode: "refuse", times: 1 } as const;

describe("cancel, refund, book: killed", () => {
  it("at every boundary of a flow that goes well", () => sweep({ asks: "steps" }, ALL_DONE, 1000), LONG);

  it(
    "at boundaries of a flow whose booking is refused and that is undone",
    () => sweep({ asks: "steps", fault: REFUSED }, UNDONE, UNDO_KILLS),
    LONG,
  );

  it(
    "where nobody can say whether it was booked: a person is asked, and nothing is booked twice",
    async () => {
      const scenario: Scenario = { asks: "steps", canLookUp: false };
      const boundaries = await checks.undisturbed(systems, scenario, ALL_DONE);
      const sent = boundaries.indexOf("before sending book") + 1;
      await together([sent, sent + 1, sent + 2], async (at) => {
        const folder = await systems.newRun(undefined);
        expect((await systems.work(folder, scenario, at)).wasKilled).toBe(true);
        await systems.work(folder, scenario, null);
        const seen = await systems.observe(folder);
        checks.always(seen);
        expect(factOf(seen, "bookings")).toBe(at === sent ? 0 : 1);
        expect(repliesOf(seen)).toEqual([
          expect.stringMatching(/do not know for certain what became of book/),
        ]);
        expect(seen.statuses.at(-1)).toBe("unknown");
        figures.killed += 1;
      });
    },
    LONG,
  );
});

describe("a power cut, which leaves only what was synced to the disk", () => {
  it.each([
    ["of a flow that goes well", { asks: "steps" }, ALL_DONE],
    ["of a flow that is undone", { asks: "steps", fault: REFUSED }, UNDONE],
  ] as const)(
    "at boundaries %s loses and doubles nothing",
    async (_, scenario, ending) => {
      const boundaries = await checks.undisturbed(systems, scenario, ending);
      const sends = numbersOf(boundaries).filter((at) => /answered$/.test(boundaries[at - 1] ?? ""));
      const others = numbersOf(boundaries).filter((at) => !sends.includes(at));
      await together([...sends, ...chosen(others, 4)], async (first) => {
        await killAndResume(scenario, ending, { first, second: null, isPowerCut: true });
        figures.cut += 1;
      });
    },
    LONG,
  );

  it("would lose what it did if intents were not synced", async () => {
    const scenario: Scenario = { asks: "steps", survives: "kill" };
    const boundaries = await checks.undisturbed(systems, scenario, ALL_DONE);
    const folder = await systems.newRun(undefined);
    await systems.work(folder, scenario, boundaries.indexOf("book answered") + 1);
    systems.cutPower(folder);
    await systems.work(folder, scenario, null);
    expect(factOf(await systems.observe(folder), "bookings")).toBe(2);
  });
});
