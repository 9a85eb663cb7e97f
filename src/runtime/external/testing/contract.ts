import { execFixture } from "../exec/testing/exec-fixture.js";
import type { ExternalAgent } from "../external-agent.js";
import { httpFixtures } from "../http/testing/http-fixtures.js";
import { moduleFixture } from "../module/testing/module-fixture.js";
import { otlpFixture } from "../otlp/testing/otlp-fixture.js";

/**
 * What every kind of agent must stand. `external-contract.test.ts` runs the same cases for each fixture in the list
 * below; a new kind adds one row.
 *
 * A fixture starts a puppet: an agent of its kind that does what the last word of the user says.
 *
 * - `echo TEXT`: answers exactly TEXT, to the last character.
 * - `count`: answers the number of messages that the user has sent in this conversation, this one included.
 * - `slow N`: answers `slow` after N milliseconds.
 * - `crash before`, `crash middle`: dies, or breaks the connection, before its reply or within it.
 * - `hang`: never answers. `hang middle`: begins a reply and falls silent.
 * - `garbage NAME`: sends what the fixture's list of garbage calls NAME.
 * - `fail`: says by the means of its kind that it failed, quoting its secret.
 * - `secret`: answers `the key is SECRET`, with the secret that it was given.
 * - `report`: says that it called `lookup({"id":7})` with the result `found`, that it searched `q` and found the
 *   document `doc-1`, that it used 11 input and 3 output tokens for 0.5 US dollars, and answers `reported`.
 * - `silent`: answers `silent` and reports nothing.
 * - `escalate`: hands over to a person with the words `one moment`.
 */
export interface ContractFixture {
  readonly kind: string;
  /** Names of what the puppet can send in place of a reply; see `garbage`. */
  readonly garbage: readonly string[];
  /** What the puppet cannot do because its kind has nothing of the sort, such as reporting. */
  readonly cannot: readonly ("report" | "escalate" | "crash middle" | "hang middle" | "silent")[];
  start(options: FixtureOptions): Promise<StartedFixture>;
}

export interface FixtureOptions {
  /** Longest wait for a reply; a hanging puppet must end in PROVIDER_TIMEOUT within twice this. */
  readonly replyTimeoutMs: number;
  /** What the puppet is given as a credential. */
  readonly secret: string;
}

export interface StartedFixture {
  readonly agent: ExternalAgent;
  /** Processes, threads or sockets that conversations hold open at this moment. */
  held(): number | Promise<number>;
  /** Ends the agent and the puppet. */
  close(): Promise<void>;
}

/** One row for each kind. */
export const contractFixtures: readonly ContractFixture[] = [
  ...httpFixtures,
  execFixture,
  moduleFixture,
  otlpFixture,
];
