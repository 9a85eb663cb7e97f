import type { Json } from "../../core/hash.js";
import type { ConversationLog } from "../conversation-log.js";

/** What a supervisor's conversation remembers of one specialist. */
export interface SpecialistState {
  /** Conversations opened with it so far, one for each attempt: their number stands in the ids of its calls. */
  readonly runs: number;
  /** Failed attempts in a row. */
  readonly failures: number;
  readonly isBroken: boolean;
  /** The delegation that is or was last at work: step of its call, and what became of it; `null` before the first. */
  readonly last: {
    readonly step: number;
    /** Turns that the conversation with the specialist had before. */
    readonly turnsBefore: number;
    /** What it was told. */
    readonly message: string;
    /** What the supervisor's model reads of it; `null` while it is open. */
    readonly result: { readonly content: string; readonly isError: boolean } | null;
  } | null;
  /** Its question to the user, and the supervisor's turn in which it was asked; `null` for none. */
  readonly question: { readonly text: string; readonly turn: number } | null;
}

const NEW: SpecialistState = { runs: 0, failures: 0, isBroken: false, last: null, question: null };

/** The state of a specialist in the notes of its supervisor's log: it survives a crash. */
export class SpecialistNotes {
  private readonly key: string;

  constructor(
    private readonly log: ConversationLog,
    name: string,
  ) {
    this.key = `team.${name}`;
  }

  get state(): SpecialistState {
    return (this.log.note(this.key) as unknown as SpecialistState | undefined) ?? NEW;
  }

  set(change: Partial<SpecialistState>): void {
    this.log.setNote(this.key, { ...this.state, ...change } as unknown as Json);
  }
}
