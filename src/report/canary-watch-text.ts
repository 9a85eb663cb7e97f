import type { CanaryRow } from "./schemas/canary-command.js";
import type { CanaryWatch } from "./schemas/canary-watch.js";

/** One line for each thing that changed; of the first look, where it stands. */
export function renderCanaryChanges(
  before: CanaryWatch | null,
  now: CanaryWatch,
  rows: readonly CanaryRow[],
): readonly string[] {
  const { at, status } = now;
  const state = status.release.state.text;
  if (before === null) {
    return [
      `${at} ${status.release.id} of ${status.release.service} is ${state} since ${status.release.since}, ${percent(status.confirmedBps)}`,
      ...now.next.map((text) => `${at} ${state} next: ${text}`),
      ...capacityLines(now),
    ];
  }
  return [
    ...rows.map(rowLine),
    ...verdictLines(before, now),
    ...sayIfNew(silence(before), silence(now), `${at} ${state}`),
    ...sayIfNew(routerText(before), routerText(now), `${at} ${state}`),
    ...sayIfNew(before.decision?.mismatch ?? null, now.decision?.mismatch ?? null, `${at} ${state} split`),
    ...now.unreadable
      .filter((text) => !before.unreadable.includes(text))
      .map((text) => `${at} ${state} ${text}`),
  ];
}

function capacityLines({ at, status: { release, unknownCapacity } }: CanaryWatch): string[] {
  if (unknownCapacity === null) return [];
  return [`${at} ${release.state.text} since ${unknownCapacity.since} ${unknownCapacity.reason}`];
}

function rowLine({ at, from, to, event, targetBps, actor, reason }: CanaryRow): string {
  const way = from === to ? to : `${from} -> ${to}`;
  const share = targetBps === null ? "" : ` ${percent(targetBps)}`;
  return `${at} ${way} ${event}${share} by ${actor}: ${reason}`;
}

function verdictLines(before: CanaryWatch, now: CanaryWatch): string[] {
  const said = (name: string, from: string | undefined, to: string, reason: string) =>
    from === to
      ? []
      : [`${now.at} ${now.status.release.state.text} ${name} ${from ?? "unknown"} -> ${to}: ${reason}`];
  const whole =
    now.decision === null
      ? []
      : said("verdict", before.decision?.verdict, now.decision.verdict, now.decision.reason);
  return [
    ...whole,
    ...now.rules.flatMap(({ measure, verdict, reason }, index) =>
      said(measure, before.rules[index]?.verdict, verdict, reason),
    ),
  ];
}

function silence({ status, next }: CanaryWatch): string | null {
  const isOver = status.outcome !== "live" && status.outcome !== "held";
  return isOver || status.controller?.isAlive === true ? null : (next[0] ?? null);
}

function routerText({ router }: CanaryWatch): string | null {
  return router.bps === null ? `the router cannot be read: ${router.reason ?? "nobody knows why"}` : null;
}

function sayIfNew(before: string | null, now: string | null, place: string): string[] {
  if ((before === null) === (now === null)) return [];
  return [`${place} ${now ?? "that is over: as it should be again"}`];
}

function percent(bps: number): string {
  return `${bps / 100} %`;
}
