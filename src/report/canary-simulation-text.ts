import { bullets } from "./bullet-list.js";
import type {
  CanarySimulation,
  SimulatedScenario,
  SimulatedShare,
  SimulatedWay,
} from "./canary-simulation-document.js";
import { oneLine } from "./plain-text.js";
import { painter, type TextStyle, widthOf, wrap } from "./text-style.js";
import { textTable } from "./text-table.js";

const WAYS = { plan: "the plan", naive: "z at every look", fixed: "z once, at the end" } as const;

/** A table of each scenario and way of deciding, what took canaries back, and what the figures rest on. */
export function renderCanarySimulation(simulation: CanarySimulation, style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style);
  const { rollouts, perHour, scenarios, alpha, stableRun, canaryRun, cases } = simulation;
  const head = `${rollouts.toLocaleString("en-US")} rollouts each at ${Math.round(perHour).toLocaleString("en-US")} conversations an hour · ${cases} cases of ${oneLine(stableRun, 40)} and ${oneLine(canaryRun, 40)} · alpha ${percent(alpha)}, ${simulation.looksPerBake} looks a bake, seed ${simulation.seed}`;
  const gates = [...new Set(scenarios.map((one) => one.gates))];
  return [
    ...wrap(head, width).map((line) => paint(line, "bold")),
    ...gates.flatMap((file) => {
      const own = scenarios.filter((one) => one.gates === file);
      return [
        "",
        paint(gates.length > 1 ? `By ${oneLine(file, 80)}` : "Rollouts", "bold"),
        ...shareTable(own),
        "",
        ...costTable(own),
      ];
    }),
    "",
    paint("Why", "bold"),
    ...bullets(
      scenarios.flatMap((one) => causes(one, gates.length > 1)),
      width,
    ),
    ...bullets(
      scenarios.flatMap((one) => falseAlarms(one, alpha)),
      width,
    ),
    "",
    paint("Rests on", "bold"),
    ...bullets(simulation.notes, width),
  ].join("\n");
}

const RIGHT = { align: "right" as const };

function shareTable(scenarios: readonly SimulatedScenario[]): string[] {
  return textTable(
    [
      { title: "canary" },
      { title: "success", ...RIGHT },
      { title: "decided by" },
      { title: "promoted", ...RIGHT },
      { title: "paused", ...RIGHT },
      { title: "rolled back (95 % interval)", ...RIGHT },
    ],
    rows(scenarios, (way, scenario, isFirst) => [
      isFirst ? `${percent(scenario.stableRate)} → ${percent(scenario.canaryRate)}` : "",
      WAYS[way.way],
      percent(way.promoted.share),
      percent(way.paused.share),
      interval(way.rolledBack),
    ]),
  );
}

function costTable(scenarios: readonly SimulatedScenario[]): string[] {
  return textTable(
    [
      { title: "canary" },
      { title: "decided by" },
      { title: "met it: mean", ...RIGHT },
      { title: "p95", ...RIGHT },
      { title: "lost: mean", ...RIGHT },
      { title: "p95", ...RIGHT },
      { title: "promoted after", ...RIGHT },
      { title: "back after", ...RIGHT },
    ],
    rows(scenarios, (way) => [
      WAYS[way.way],
      whole(way.exposedMean),
      whole(way.exposedP95),
      whole(way.lostMean),
      whole(way.lostP95),
      time(way.toPromoteMs),
      time(way.toRollbackMs),
    ]),
  );
}

function rows(
  scenarios: readonly SimulatedScenario[],
  cells: (way: SimulatedWay, scenario: SimulatedScenario, isFirst: boolean) => string[],
): string[][] {
  return scenarios.flatMap((scenario) =>
    scenario.ways.map((way, index) => [
      index === 0 ? oneLine(scenario.name, 24) : "",
      ...cells(way, scenario, index === 0),
    ]),
  );
}

function causes({ name, gates, ways }: SimulatedScenario, namesGates: boolean): string[] {
  const found = ways.find(({ way }) => way === "plan");
  const entries = Object.entries(found?.causes ?? {});
  if (entries.length === 0) return [];
  const words = entries.map(([cause, count]) => `${oneLine(cause, 40)} ${count}`).join(", ");
  return [`${oneLine(name, 40)}${namesGates ? ` (${oneLine(gates, 40)})` : ""}, the plan: ${words}.`];
}

function falseAlarms({ isAlike, name, ways }: SimulatedScenario, alpha: number): string[] {
  if (!isAlike) return [];
  return ways.map(({ way, rolledBack: { share, lower, upper } }) => {
    const verdict = upper <= alpha ? "below" : lower > alpha ? "above" : "not told apart from";
    return `${oneLine(name, 40)}, ${WAYS[way]}: ${percent(share)} false rollbacks, ${verdict} alpha.`;
  });
}

function interval({ share, lower, upper }: SimulatedShare): string {
  return `${percent(share)} (${percent(lower)} to ${percent(upper)})`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function time(ms: number | null): string {
  if (ms === null) return "never";
  return ms < 5_400_000 ? `${Math.round(ms / 60_000)} min` : `${Number((ms / 3_600_000).toPrecision(3))} h`;
}
