import type { AgentEvent, EventOf } from "../core/events.js";
import type { StopReason } from "../core/trial.js";
import { formatDuration } from "./format.js";
import { oneLine } from "./plain-text.js";
import { painter, type TextStyle, widthOf } from "./text-style.js";

/** Commands of a chat and what they do. */
export const CHAT_HELP = `/trace [all]             the waterfall of the last turn, or of all turns
/save-case [ID] [FILE]   append this conversation to a golden set, to be reviewed
/help                    these lines
/quit                    end; the session can be continued`;

const STOPPED: { readonly [Reason in StopReason]?: string } = {
  step_limit: "stopped: the step limit of the agent was reached",
  deadline: "stopped: the time limit of the agent passed",
  budget: "stopped: the cost limit of the agent was reached",
  guardrail: "stopped by a guardrail",
  escalated: "the agent hands over to a person",
  tool_loop: "stopped: the same call kept failing",
  environment_done: "the conversation was ended by a tool",
  aborted: "stopped by you",
};

/** What a person is told when a turn did not end with a plain answer; `null` when it did. */
export function stopLine(stop: StopReason, style: TextStyle): string | null {
  const text = STOPPED[stop];
  return text === undefined ? null : painter(style)(`  ■ ${text}`, "yellow");
}

/** Writes the lines of a chat for tool calls and guardrails as they happen. */
export class ChatLines {
  private readonly open = new Map<string, EventOf<"tool_call_start">["payload"]>();
  private readonly blocked = new Map<string, string>();

  constructor(private readonly style: TextStyle) {}

  /** @returns a line, or `null` for an event that says nothing at a terminal */
  line(event: AgentEvent): string | null {
    switch (event.event_type) {
      case "tool_call_start":
        this.open.set(event.payload.callId, event.payload);
        return null;
      case "tool_call_end":
        return this.called(event.payload);
      case "guardrail_triggered":
        return this.guarded(event.payload);
      default:
        return null;
    }
  }

  private called({ callId, name, result, isError, durationMs }: EventOf<"tool_call_end">["payload"]): string {
    const paint = painter(this.style);
    const width = widthOf(this.style);
    const args = JSON.stringify(this.open.get(callId)?.arguments ?? {});
    const rule = this.blocked.get(callId);
    const head = oneLine(`${name}(${args})`, Math.floor(width * 0.45));
    const time = formatDuration(durationMs);
    const outcome = rule === undefined ? "" : `blocked by ${rule} · `;
    const room = Math.max(12, width - head.length - time.length - outcome.length - 12);
    const mark = isError ? paint("✗", "red") : paint("✓", "green");
    const shown = paint(oneLine(result, room), isError ? "red" : "dim");
    return `  ${mark} ${head} → ${paint(outcome, "red")}${shown} ${paint(`· ${time}`, "dim")}`;
  }

  private guarded({
    rule,
    action,
    detail,
    callId,
  }: EventOf<"guardrail_triggered">["payload"]): string | null {
    if (callId !== undefined && (action === "block" || action === "confirm")) {
      this.blocked.set(callId, rule);
      return null;
    }
    const text = oneLine(`${rule}: ${action}, ${detail}`, widthOf(this.style) - 4);
    return painter(this.style)(`  ⚠ ${text}`, "yellow");
  }
}
