import type { Clock } from "../../core/clock.js";
import { checkedName } from "./annotator-name.js";
import type { ReviewSession } from "./review-session.js";

/** A browser that was silent for longer no longer holds its name; pages that nobody looks at ask once a minute. */
const SILENT_MS = 150_000;
/** Browsers that are remembered at once; the one that was silent longest is forgotten first. */
const MOST_BROWSERS = 1_000;

interface Browser {
  session: ReviewSession | null;
  lastSeenMs: number;
}

/** Who labels in which browser. One annotator has one session, in however many windows. */
export class Annotators {
  private readonly browsers = new Map<string, Browser>();
  private readonly sessions = new Map<string, ReviewSession>();

  constructor(
    private readonly openSession: (annotator: string) => ReviewSession,
    private readonly clock: Clock,
  ) {}

  /** @param id - secret of the browser, from its cookie */
  add(id: string): void {
    this.browsers.set(id, { session: null, lastSeenMs: this.clock.monotonic() });
    if (this.browsers.size <= MOST_BROWSERS) return;
    const [longest] = [...this.browsers].sort((a, b) => a[1].lastSeenMs - b[1].lastSeenMs);
    if (longest !== undefined) this.browsers.delete(longest[0]);
  }

  /** Whether a browser was let in, and that it is still there. */
  sees(id: string): boolean {
    const browser = this.browsers.get(id);
    if (browser === undefined) return false;
    browser.lastSeenMs = this.clock.monotonic();
    return true;
  }

  /** `null` before the sign-in. */
  sessionOf(id: string): ReviewSession | null {
    return this.browsers.get(id)?.session ?? null;
  }

  /**
   * @param isSure - whether the person said that the same name in another browser is theirs
   * @returns the session, or `null` when another browser labels under this name
   * @throws {UsageError} when the name cannot be one
   */
  signIn(id: string, given: string, isSure: boolean): ReviewSession | null {
    const name = checkedName(given, "name");
    const browser = this.browsers.get(id);
    if (browser === undefined || (!isSure && this.isHeldElsewhere(name, id))) return null;
    const session = this.sessions.get(name) ?? this.openSession(name);
    this.sessions.set(name, session);
    browser.session = session;
    return session;
  }

  signOut(id: string): void {
    const browser = this.browsers.get(id);
    if (browser !== undefined) browser.session = null;
  }

  private isHeldElsewhere(name: string, id: string): boolean {
    const now = this.clock.monotonic();
    return [...this.browsers].some(
      ([other, { session, lastSeenMs }]) =>
        other !== id && session?.annotator === name && now - lastSeenMs < SILENT_MS,
    );
  }
}
