import * as fc from "fast-check";
import { expect, it } from "vitest";
import { AgentctlError } from "../../core/errors.js";
import type { ReleaseState } from "../machine/state.js";
import type { ReleaseJournal, ReleaseRequest } from "./journal.js";
import { MemoryJournal } from "./memory-journal.js";
import { openReleaseJournal } from "./open-release-journal.js";
import { describeJournalContract } from "./testing/journal-contract.js";
import { samplePlan, sampleRow } from "./testing/journal-samples.js";

describeJournalContract("a map in memory", {
  createLocation: async () => "",
  open: () => new MemoryJournal(),
  removeLocation: async () => undefined,
});

type Act = (journal: ReleaseJournal) => unknown;

const RELEASES = ["rel-1", "rel-2", "rel-3"];
const SERVICES = ["support", "billing"];
const STATES: readonly ReleaseState[] = [
  { name: "PLANNED" },
  { name: "PAUSED", step: 0, reason: "approval" },
  { name: "BAKING", step: 1 },
  { name: "ROLLED_BACK" },
];
const EVENTS: readonly ReleaseRequest["event"][] = [
  { type: "approved", actor: "ana", reason: "fine" },
  { type: "abort-requested", actor: "bo", reason: "errors" },
  { type: "pause-requested", actor: "bo", reason: "lunch" },
];

const oneOf = <Value>(values: readonly Value[]) => fc.constantFrom(...values);
/** How far behind the newest epoch a writer is: mostly not at all. */
const delays = fc.constantFrom(0, 0, 0, 0, 1, -1);
const newest = (journal: ReleaseJournal, service: string) => journal.lease(service)?.epoch ?? 0;
const epochFor = (journal: ReleaseJournal, id: string) =>
  newest(journal, journal.get(id)?.plan.service ?? "support");
const times = fc.integer({ min: 0, max: 3000 });

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(oneOf(RELEASES), oneOf(SERVICES), times).map(
    ([id, service, at]): Act =>
      (journal) =>
        journal.create({ id, plan: samplePlan({ service }), author: "ana", at, evidence: [{ at }] }),
  ),
  fc
    .tuple(oneOf(RELEASES), delays, times, oneOf(STATES), fc.boolean())
    .map(([id, delay, at, state, isPatched]): Act => {
      const rows = [sampleRow({ to: state, targetBps: at }), sampleRow({ kind: "note" })];
      const patch = isPatched ? { state, bakedMs: at } : { extendedMs: at };
      return (journal) =>
        journal.append(id, {
          epoch: epochFor(journal, id) - delay,
          at,
          rows,
          patch,
          evidence: [at],
          stable: samplePlan().canary,
        });
    }),
  fc.tuple(oneOf(RELEASES), times).map(
    ([id, at]): Act =>
      (journal) =>
        journal.note(id, at, { event: "refused", reason: "no", actor: "bo" }),
  ),
  fc.tuple(oneOf(SERVICES), oneOf(["one", "two"]), times, fc.boolean()).map(
    ([service, holder, at, isForced]): Act =>
      (journal) =>
        isForced
          ? journal.seizeLease(service, holder, at, 500)
          : journal.acquireLease(service, holder, at, 500),
  ),
  fc.tuple(oneOf(SERVICES), delays, times, fc.boolean()).map(
    ([service, delay, at, isRenewed]): Act =>
      (journal) => {
        const epoch = newest(journal, service) - delay;
        const lease = { service, holder: "one", epoch, expiresAt: 0 };
        return isRenewed ? journal.renewLease(lease, at, 700) : journal.releaseLease(lease);
      },
  ),
  fc.tuple(oneOf(RELEASES), times, oneOf(EVENTS)).map(
    ([id, at, event]): Act =>
      (journal) =>
        journal.request(id, at, event),
  ),
  fc.tuple(fc.integer({ min: 1, max: 4 }), delays).map(
    ([request, delay]): Act =>
      (journal) =>
        journal.answered(request, newest(journal, "support") - delay),
  ),
);

const FIRST: readonly Act[] = [
  (journal) => journal.create({ id: "rel-1", plan: samplePlan(), author: "ana", at: 0 }),
  (journal) => journal.seizeLease("support", "one", 0, 500),
];

/** What an act gave, or the class and code of its error: messages name the place. */
function outcome(work: () => unknown): unknown {
  try {
    return work() ?? null;
  } catch (error) {
    if (error instanceof AgentctlError) return [error.constructor.name, error.code];
    throw error;
  }
}

/** All that can be read. */
function contents(journal: ReleaseJournal): unknown {
  return {
    releases: journal.list(),
    newest: journal.list({ limit: 1, service: "support" }),
    services: SERVICES.map((one) => [journal.live(one), journal.lease(one), journal.stable(one)]),
    rows: RELEASES.map((id) => [journal.rows(id), journal.rows(id, 3), journal.requests(id)]),
  };
}

it("does what SQLite does, whatever is asked in whatever order", () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 1, maxLength: 40 }), (acts) => {
      const journals = [new MemoryJournal(), openReleaseJournal(":memory:")];
      const [inMemory, inSqlite] = journals.map((journal) => [
        [...FIRST, ...acts].map((one) => outcome(() => one(journal))),
        contents(journal),
      ]);
      for (const journal of journals) journal.close();
      expect(inMemory).toEqual(inSqlite);
    }),
    { numRuns: 150 },
  );
});
