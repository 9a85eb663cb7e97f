import { canonicalJson, contentHash, type Json } from "../../../core/hash.js";
import type { ConversationLog } from "../../conversation-log.js";
import { TurnStopped } from "../../turn.js";
import type { ToolArguments, ToolInvocation } from "../tool.js";
import { confirmationQuestion } from "./confirmation-question.js";
import { readAnswer } from "./read-answer.js";

const NOTE = "tool-policy.confirmation";

/** The action that the user is asked about, or has said yes to. Kept in the log, so that it outlives a crash. */
interface Asked {
  readonly state: "asked" | "granted";
  /** Hash of tool and arguments. */
  readonly hash: string;
  /** Tool and arguments as text: a yes may repeat their words. */
  readonly action: string;
  readonly question: string;
  /** Number of the call that used the grant: the same call may go on after a crash, no other. */
  readonly step: number | null;
}

/**
 * Lets an action through once after the user has said yes to exactly it. One question is open at a time; the next
 * message of the user closes it, whatever it says.
 */
export class Confirmation {
  constructor(private readonly log: ConversationLog) {}

  /**
   * The user's next message: grants what was asked, or drops it. What was granted before is no longer. A question that was
   * not the last thing the user read, whole, because a guardrail changed it or answered in between, grants nothing.
   */
  hear(text: string): void {
    const asked = this.read();
    if (asked === null) return;
    const last = this.log.messages.at(-1);
    const wasRead = last?.role === "assistant" && last.content?.includes(asked.question) === true;
    const isGranted = asked.state === "asked" && wasRead && readAnswer(text, asked.action) === "yes";
    this.log.setNote(NOTE, isGranted ? { ...asked, state: "granted" } : null);
  }

  /** Whether the user has said yes to this call; a grant is used up by the first call that it fits. */
  takeGrant({ tool, step }: ToolInvocation, args: ToolArguments): boolean {
    const asked = this.read();
    if (asked?.state !== "granted" || asked.hash !== actionHash(tool.spec.name, args)) return false;
    if (asked.step !== null && asked.step !== step) return false;
    this.log.setNote(NOTE, { ...asked, step });
    return true;
  }

  /**
   * Ends the turn with the question. Where another action of the same turn was asked about before, its question is said
   * instead: only what the user has read can be granted.
   *
   * @returns `null` when the arguments are too long to be shown to anybody
   */
  ask({ tool }: ToolInvocation, args: ToolArguments): TurnStopped | null {
    const open = this.read();
    if (open?.state === "asked") return new TurnStopped("answered", open.question);
    const question = confirmationQuestion(tool.spec.name, args, tool.reversibility);
    if (question === null) return null;
    const asked: Asked = {
      state: "asked",
      hash: actionHash(tool.spec.name, args),
      action: `${tool.spec.name.replaceAll("_", " ")} ${canonicalJson(args)}`.replaceAll("_", " "),
      question,
      step: null,
    };
    this.log.setNote(NOTE, { ...asked });
    return new TurnStopped("answered", question);
  }

  private read(): Asked | null {
    const note: Json | undefined = this.log.note(NOTE);
    return note === undefined || note === null ? null : (note as unknown as Asked);
  }
}

function actionHash(name: string, args: ToolArguments): string {
  return contentHash([name, args]);
}
