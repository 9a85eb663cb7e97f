import type { Incident } from "../config/release/incident-schema.js";
import { counted } from "./counted.js";
import { formatDuration, shortHash } from "./format.js";
import { oneLine } from "./plain-text.js";

const SHOWN_CONVERSATIONS = 20;

/** An incident in Markdown, as it is read in a terminal and pasted into a ticket. */
export function renderIncident(incident: Incident): string {
  const { exposure } = incident;
  return [
    `# ${incident.id} (${incident.status})`,
    "",
    `${incident.service}: ${oneLine(incident.summary, 300)}`,
    "",
    `- release ${incident.release}, opened ${incident.opened_at}`,
    `- new version ${shortHash(incident.canary.agent_version)} at ${incident.canary.url}; back on ${shortHash(incident.stable.agent_version)}`,
    `- ${counted(exposure.conversations, "conversation")} met it (${counted(exposure.requests, "request")}), ${exposure.affected} of them went wrong`,
    `- ${zeroWords(exposure.seconds_to_zero)}`,
    `- its offline gates passed on run ${incident.gate.run}, report ${shortHash(incident.gate.report_hash)}`,
    ...section("What the figures said", incident.rules.map(ruleLine)),
    ...section("Timeline", incident.timeline.map(eventLine)),
    ...section("Affected conversations, worst first", conversationLines(incident)),
    ...section("Samples", incident.samples.flatMap(sampleLines)),
    ...section("Contributing factors", orTodo(incident.contributing_factors)),
    ...section("Actions", orTodo(incident.actions.map(actionLine))),
  ].join("\n");
}

/** One line for each incident. */
export function renderIncidentList(incidents: readonly Incident[]): string {
  if (incidents.length === 0) return "No incidents.";
  return incidents
    .map(
      ({ id, status, opened_at, exposure, summary }) =>
        `${id}  ${status}  ${opened_at}  ${counted(exposure.affected, "conversation")} affected  ${oneLine(summary, 80)}`,
    )
    .join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `## ${title}`, "", ...lines];
}

function zeroWords(seconds: number | null): string {
  return seconds === null
    ? "a share of 0 was not read back"
    : `${formatDuration(seconds * 1000)} from the decision to a share of 0`;
}

function ruleLine({ measure, verdict, reason }: Incident["rules"][number]): string {
  const named = reason.startsWith(measure) ? reason : `${measure}: ${reason}`;
  return `- ${verdict}: ${oneLine(named, 300)}`;
}

function eventLine({
  seq,
  at,
  event,
  state,
  share_bps,
  actor,
  reason,
}: Incident["timeline"][number]): string {
  const share = share_bps === null ? "" : `, ${share_bps / 100} %`;
  const why = reason === "" ? "" : `: ${oneLine(reason, 200)}`;
  return `- ${at} #${seq} ${state}${share} · ${event} by ${oneLine(actor, 60)}${why}`;
}

function conversationLines({ conversations, exposure }: Incident): string[] {
  const shown = conversations.slice(0, SHOWN_CONVERSATIONS);
  const rest = exposure.affected - shown.length;
  return [
    ...shown.map(({ id, why }) => `- ${oneLine(id, 80)}: ${why.join("; ")}`),
    ...(rest > 0 ? [`- and ${rest} more`] : []),
  ];
}

function sampleLines({ conversation, requests }: Incident["samples"][number]): string[] {
  return [
    `- ${oneLine(conversation, 80)}`,
    ...requests.map(
      ({ at, ok, latency_ms, finish_reason }) =>
        `  - ${at} ${ok ? "answered" : "failed"} after ${formatDuration(latency_ms)}${finish_reason === null ? "" : `, ${finish_reason}`}`,
    ),
  ];
}

function orTodo(lines: readonly string[]): string[] {
  return lines.length === 0 ? ["- nobody wrote any yet"] : lines.map((line) => `- ${oneLine(line, 300)}`);
}

function actionLine({ what, owner, due, case: golden }: Incident["actions"][number]): string {
  const facts = [
    owner,
    due === undefined ? undefined : `due ${due}`,
    golden === undefined ? undefined : "with a case",
  ];
  const known = facts.filter((fact) => fact !== undefined);
  return known.length === 0 ? what : `${what} (${known.join(", ")})`;
}
