/** An end that is awaited; see {@link Deadlines}. */
export interface Deadline {
  /** Counts anew from now. */
  restart(): void;
  /** It does not come any more. Idempotent. */
  cancel(): void;
}

/**
 * Deadlines that all lie the same time ahead when they are set, so that they come in the order in which they were set, and one
 * timer serves them all: that of Node for each request costs more than what it watches. Does not keep the process alive.
 */
export class Deadlines {
  readonly #delayMs: number;
  readonly #last: Link;
  #isWaiting = false;

  /** @param delayMs - up to 2,147,483,647, the longest that Node waits */
  constructor(delayMs: number) {
    this.#delayMs = delayMs;
    this.#last = new Link(this, () => {});
  }

  /** @param onOver - called once, unless the deadline is cancelled before */
  set(onOver: () => void): Deadline {
    const link = new Link(this, onOver);
    this.append(link);
    return link;
  }

  append(link: Link): void {
    link.at = performance.now() + this.#delayMs;
    link.insertBefore(this.#last);
    if (!this.#isWaiting) this.#wait(this.#delayMs);
  }

  #wait(ms: number): void {
    this.#isWaiting = true;
    setTimeout(() => this.#look(), Math.max(1, Math.ceil(ms))).unref();
  }

  #look(): void {
    this.#isWaiting = false;
    const now = performance.now();
    for (let first = this.#last.next; first !== this.#last; first = this.#last.next) {
      if (first.at > now) {
        if (!this.#isWaiting) this.#wait(first.at - now);
        return;
      }
      first.cancel();
      first.onOver();
    }
  }
}

/** A ring of links: the one that is not a deadline stands before the first and behind the last. */
class Link implements Deadline {
  at = 0;
  next: Link = this;
  readonly onOver: () => void;
  readonly #of: Deadlines;
  #before: Link = this;

  constructor(of: Deadlines, onOver: () => void) {
    this.#of = of;
    this.onOver = onOver;
  }

  restart(): void {
    this.cancel();
    this.#of.append(this);
  }

  cancel(): void {
    this.#before.next = this.next;
    this.next.#before = this.#before;
    this.next = this;
    this.#before = this;
  }

  insertBefore(link: Link): void {
    this.#before = link.#before;
    this.next = link;
    link.#before.next = this;
    link.#before = this;
  }
}
