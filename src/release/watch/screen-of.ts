import type { CanaryWatch } from "../../report/schemas/canary-watch.js";
import { formatCost, formatDuration } from "../../ui/progress-state.js";
import type {
  ReleaseScreen,
  ScreenClock,
  ScreenInterval,
  ScreenRule,
  ScreenText,
  ScreenTone,
} from "../../ui/release/release-screen.js";
import { sharePercent } from "../controller/split.js";
import { countText, figureText } from "../decisions/figure-text.js";

const TONES: Record<CanaryWatch["status"]["outcome"], ScreenTone> = {
  promoted: "good",
  live: "strong",
  held: "bad",
  "rolled-back": "bad",
  cancelled: "warning",
  superseded: "warning",
};

const VERDICTS = {
  pass: { word: "no harm", tone: "good" },
  fail: { word: "HARM", tone: "bad" },
  inconclusive: { word: "undecided", tone: "plain" },
  error: { word: "unreadable", tone: "warning" },
} as const satisfies Record<string, { word: string; tone: ScreenTone }>;

/** A watched release in words and bars. */
export function screenOf(watch: CanaryWatch): ReleaseScreen {
  const { status, next } = watch;
  const { release } = status;
  const since = formatDuration(Date.parse(watch.at) - Date.parse(release.since));
  const hasEnded =
    status.outcome !== "live" && release.state.name !== "ABORTING" && status.outcome !== "held";
  const isAlone = !hasEnded && status.controller?.isAlive !== true;
  return {
    title: {
      text: `${release.id} ${release.service}  ${release.state.text} since ${clockTime(release.since)}Z (${since})`,
      tone: TONES[status.outcome],
    },
    next: next.map((text, index) => ({
      text: `${index === 0 ? "next    " : "        "}${text}`,
      tone: index === 0 && isAlone ? "bad" : index === 0 ? "strong" : "plain",
    })),
    facts: [versions(watch), share(watch, isAlone)],
    steps: status.steps.map(({ bps, needsApproval, startedAt, endedAt }) => ({
      mark: startedAt === null ? "to-come" : endedAt === null && !hasEnded ? "now" : "done",
      text: `${sharePercent(bps)}${needsApproval ? " then approval" : ""}`,
    })),
    clocks: clocks(watch),
    arms: arms(watch),
    rules: watch.rules.map(ruleOf),
    notes: notes(watch),
    rows: watch.rows.map(
      ({ at, event, to, targetBps, actor, reason }) =>
        `${clockTime(at)} ${to} ${event}${targetBps === null ? "" : ` ${sharePercent(targetBps)}`}${actor === "controller" ? "" : ` by ${actor}`}: ${reason}`,
    ),
    hasEnded,
  };
}

function versions({ status: { release } }: CanaryWatch): ScreenText {
  const name = ({ agentVersion, url }: typeof release.canary) => `${agentVersion.slice(0, 12)} ${url}`;
  return { text: `new     ${name(release.canary)}   stable ${name(release.stable)}`, tone: "plain" };
}

function share({ status, targetBps, router }: CanaryWatch, isAlone: boolean): ScreenText {
  const wanted = targetBps === null ? "none set yet" : `${sharePercent(targetBps)} set`;
  const found =
    router.bps === null ? `${router.kind} cannot be read` : `${router.kind} has ${sharePercent(router.bps)}`;
  const isOver = status.release.state.name === "SUCCEEDED";
  const differs = router.bps === null || (targetBps !== null && router.bps !== targetBps && !isOver);
  const lease = status.controller;
  const controller =
    lease === null ? "no controller" : `controller ${lease.holder} ${lease.isAlive ? "alive" : "SILENT"}`;
  return { text: `share   ${wanted}, ${found}   ${controller}`, tone: isAlone || differs ? "bad" : "plain" };
}

function clocks(watch: CanaryWatch): ScreenClock[] {
  const { status, stepConversations } = watch;
  const { state } = status.release;
  const step = state.step === null ? undefined : status.steps[state.step];
  if (step === undefined) return [];
  const longest = step.maxBakeMs + status.extendedMs;
  return [
    {
      label: "bake   ",
      share: status.bakedMs / Math.max(1, step.bakeMs),
      text: `${formatDuration(status.bakedMs)} of ${formatDuration(step.bakeMs)} (most ${formatDuration(longest)})`,
    },
    {
      label: "convs  ",
      share: stepConversations / Math.max(1, step.minConversations),
      text: `${countText(stepConversations)} of ${countText(step.minConversations)}`,
    },
  ];
}

function arms({ arms }: CanaryWatch): string[][] {
  const ms = (value: number | null) => (value === null ? "-" : figureText(value, "ms"));
  return [
    ["arm   ", "convs", "requests", "failed", "p50/p95", "first tok.", "cost", "tokens"],
    ...[...arms]
      .reverse()
      .map((one) => [
        `${one.arm}${one.isUp === false ? " DOWN" : ""}`,
        countText(one.conversations),
        countText(one.requests),
        one.errorRate === null
          ? "-"
          : `${countText(one.failed)} (${figureText(one.errorRate, "proportion")})`,
        one.p50Ms === null ? "-" : `${countText(Math.round(one.p50Ms))}/${ms(one.p95Ms)}`,
        ms(one.firstTokenP95Ms),
        one.costUsd === null ? "no price" : formatCost(one.costUsd),
        tokensText(one),
      ]),
  ];
}

function tokensText(arm: CanaryWatch["arms"][number]): string {
  const { inputTokensPerConversation: input, outputTokensPerConversation: output } = arm;
  if (input === null || output === null) return "not told";
  return `${countText(Math.round(input))}+${countText(Math.round(output))}`;
}

function ruleOf(rule: CanaryWatch["rules"][number]): ScreenRule {
  const { word, tone } = VERDICTS[rule.verdict];
  const value = (figure: number | null) => (figure === null ? "-" : figureText(figure, rule.unit));
  const signed = (figure: number) => `${figure > 0 ? "+" : ""}${figureText(figure, rule.unit, "difference")}`;
  const limit = (figure: number | null) => (figure === null ? "open" : signed(figure));
  const limits =
    rule.lower === null && rule.upper === null
      ? "no limits yet"
      : `limits ${limit(rule.lower)} to ${limit(rule.upper)}`;
  return {
    name: rule.measure,
    canary: value(rule.canary.value),
    stable: value(rule.reference.value),
    difference: rule.difference === null ? "-" : signed(rule.difference),
    interval: intervalOf(rule),
    verdict: rule.trips ? `${word}, TRIPS` : rule.mode === "observe" ? `${word} (observed)` : word,
    tone,
    details: [
      `${rule.measure} trips when it ${rule.trigger}; ${limits} at alpha ${Number(rule.alpha.toPrecision(2))}`,
      rule.reason,
    ],
  };
}

function intervalOf({
  harm,
  margin,
  difference,
  lower,
  upper,
}: CanaryWatch["rules"][number]): ScreenInterval | null {
  if (margin === null || margin <= 0) return null;
  const scaled = (value: number | null) =>
    value === null ? null : (harm === "rise" ? value : -value) / margin;
  const [low, high] = harm === "rise" ? [lower, upper] : [upper, lower];
  return { low: scaled(low), mid: scaled(difference), high: scaled(high) };
}

function notes({ decision, unreadable, status, router }: CanaryWatch): ScreenText[] {
  const bad = (text: string | null | undefined): ScreenText[] =>
    text == null ? [] : [{ text, tone: "bad" }];
  const unknown = status.unknownCapacity;
  const split: ScreenText[] =
    decision === null ? [] : [{ text: "split   as configured (no sample ratio mismatch)", tone: "dim" }];
  return [
    ...bad(decision?.abort),
    ...(decision?.mismatch == null ? [] : bad(`split   ${decision.mismatch}`)),
    ...bad(decision?.control),
    ...bad(decision?.capacity),
    ...bad(unknown === null ? null : `capacity since ${clockTime(unknown.since)}Z ${unknown.reason}`),
    ...(router.reason === null ? [] : bad(router.reason)),
    ...unreadable
      .filter((text) => !(decision?.notes ?? []).includes(text))
      .map((text): ScreenText => ({ text, tone: "warning" })),
    ...status.requests.map(
      ({ request, actor, reason }): ScreenText => ({
        text: `asked   ${request} by ${actor}: ${reason} (not answered yet)`,
        tone: "warning",
      }),
    ),
    ...(decision?.mismatch == null ? split : []),
    ...(decision?.notes ?? []).map((text): ScreenText => ({ text: `note    ${text}`, tone: "plain" })),
  ];
}

function clockTime(isoTime: string): string {
  return isoTime.slice(11, 19);
}
