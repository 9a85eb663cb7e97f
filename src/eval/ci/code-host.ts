/** A comment that a job wrote earlier. */
export interface HostComment {
  readonly id: string;
  readonly url: string | null;
}

/**
 * The comments of one pull or merge request.
 *
 * Contract: every method throws `CodeHostError`, retryable where the same call may work later; no message holds the
 * token. `find` gives only comments of the token's own author: what others wrote is never overwritten.
 */
export interface CodeHost {
  /** For messages, e.g. `pull request 7 of octo/shop`. */
  readonly place: string;
  /** The oldest own comment whose text begins with a mark. */
  find(mark: string): Promise<HostComment | null>;
  create(body: string): Promise<HostComment>;
  update(id: string, body: string): Promise<HostComment>;
}
