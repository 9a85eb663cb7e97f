/** How a line stands out. */
export type ScreenTone = "good" | "bad" | "warning" | "strong" | "dim" | "plain";

/** A text, and how it stands out. */
export interface ScreenText {
  readonly text: string;
  readonly tone: ScreenTone;
}

/** How far something is, drawn as a bar. */
export interface ScreenClock {
  readonly label: string;
  /** 0 to 1; above 1 it is full. */
  readonly share: number;
  readonly text: string;
}

/** A difference with its limits; above 0 is worse, whatever the measure. In units of the threshold: 1 is the harm. */
export interface ScreenInterval {
  /** `null`: no limit on that side yet. */
  readonly low: number | null;
  readonly mid: number | null;
  readonly high: number | null;
}

/** What one rule says. */
export interface ScreenRule {
  readonly name: string;
  readonly canary: string;
  readonly stable: string;
  readonly difference: string;
  /** `null`: nothing to draw. */
  readonly interval: ScreenInterval | null;
  readonly verdict: string;
  readonly tone: ScreenTone;
  /** What trips it, and why it stands as it does; shown where there is room. */
  readonly details: readonly string[];
}

/** A release at one moment, in words and bars: everything that the screen shows. */
export interface ReleaseScreen {
  readonly title: ScreenText;
  readonly facts: readonly ScreenText[];
  readonly steps: readonly { readonly mark: "done" | "now" | "to-come"; readonly text: string }[];
  readonly clocks: readonly ScreenClock[];
  /** The first row is the head. */
  readonly arms: readonly (readonly string[])[];
  readonly rules: readonly ScreenRule[];
  /** Such as a broken split, figures that cannot be read; the most pressing first. */
  readonly notes: readonly ScreenText[];
  /** What the release waits for, and why. */
  readonly next: readonly ScreenText[];
  /** Of the journal, oldest first. */
  readonly rows: readonly string[];
  readonly hasEnded: boolean;
}

/** What can be asked for by a key. */
export type ReleaseVerb = "pause" | "resume" | "approve" | "rollback";
