import type { AgentEvent, EventOf } from "../core/events.js";
import type { StopReason } from "../core/trial.js";
import { formatDuration } from "./format.js";
import { oneLine } from "./plain-text.js";
import { painter, type TextStyle, widthOf } from "./text-style.js";

/** Commands of a chat and what they do. */
export const CHAT_HELP = `/trace [all]             the waterfall of the last turn, or of all turns
/save-case [ID] [FILE]   append this conversation to a golden set
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

/** A shorter piece of a text says nothing. */
const LEAST_TEXT = 8;

/** Writes the lines of a chat for tool calls and guardrails as they happen. */
export class ChatLines {
  private readonly open = new Map<string, EventOf<"tool_call_start">["payload"]>();
  private readonly held = new Map<
    string,
    Pick<EventOf<"guardrail_triggered">["payload"], "rule" | "action">
  >();

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

  /** The calls that have begun and not ended, in one line that fits the terminal; `null` when there are none. */
  running(): string | null {
    const calls = [...this.open.values()].map(
      ({ name, arguments: args }) => `${name}(${JSON.stringify(args)})`,
    );
    if (calls.length === 0) return null;
    return painter(this.style)(`  … ${oneLine(calls.join(", "), widthOf(this.style) - 6)}`, "dim");
  }

  private called({ callId, name, result, isError, durationMs }: EventOf<"tool_call_end">["payload"]): string {
    const paint = painter(this.style);
    const width = widthOf(this.style);
    const args = JSON.stringify(this.open.get(callId)?.arguments ?? {});
    this.open.delete(callId);
    const held = this.held.get(callId);
    const blocked = held?.action === "block" ? `blocked by ${held.rule}` : "";
    const most = Math.min(Math.floor(width * 0.45), width - blocked.length - 8);
    const head = oneLine(`${name}(${args})`, Math.max(LEAST_TEXT, most));
    if (held?.action === "confirm") {
      return `  ${paint("?", "yellow")} ${head} → ${paint("asks you first", "yellow")}`;
    }
    const mark = isError ? paint("✗", "red") : paint("✓", "green");
    // How long it took to be refused says nothing.
    const time = blocked === "" ? ` · ${formatDuration(durationMs)}` : "";
    const room = width - head.length - blocked.length - time.length - 12;
    const shown = room < LEAST_TEXT ? "" : paint(oneLine(result, room), isError ? "red" : "dim");
    const outcome = [blocked === "" ? "" : paint(blocked, "red"), shown].filter((text) => text !== "");
    return `  ${mark} ${head}${outcome.length === 0 ? "" : ` → ${outcome.join(" · ")}`}${paint(time, "dim")}`;
  }

  private guarded({
    rule,
    action,
    detail,
    callId,
  }: EventOf<"guardrail_triggered">["payload"]): string | null {
    if (callId !== undefined && (action === "block" || action === "confirm")) {
      this.held.set(callId, { rule, action });
      return null;
    }
    const text = oneLine(`${rule}: ${action}, ${detail}`, widthOf(this.style) - 4);
    return painter(this.style)(`  ⚠ ${text}`, "yellow");
  }
}
