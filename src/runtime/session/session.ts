import { randomUUID } from "node:crypto";
import type { Clock } from "../../core/clock.js";
import { SessionError, StoreError, UsageError } from "../../core/errors.js";
import type { AgentEvent } from "../../core/events.js";
import type { Identity } from "../../core/identity.js";
import type { StopReason } from "../../core/trial.js";
import type { EnvironmentSession } from "../../environments/environment.js";
import type { Agent } from "../agent.js";
import type { Tool } from "../tools/tool.js";
import { forgetOwner, newOwner } from "./session-owner.js";
import type { QueuedMessage, SessionOwner, SessionRecord, SessionStore } from "./session-store.js";
import { endConversation, type FinishedTurn, runTurn } from "./session-turn.js";

/** What all sessions of one agent share. Costs nothing per session. */
export interface SessionHost {
  readonly agent: Agent;
  readonly store: SessionStore;
  /** Every tool that there is, those of an environment and of the agent. */
  readonly tools: readonly Tool[];
  /** The world that environment tools act in; `null` without one. It lives in this process alone. */
  readonly environment: EnvironmentSession | null;
  /** Rules of the environment, added to the agent's prompt. */
  readonly policy: string;
  readonly clock: Clock;
  /** Aborting ends turns that are under way. */
  readonly signal: AbortSignal;
  /** What becomes of a message that arrives while the session is at work; `queue` when left out. */
  readonly whenBusy?: "queue" | "reject";
  /** How often a session at work is renewed, in milliseconds; 10,000 when left out. Well below the lease time. */
  readonly renewMs?: number;
}

export interface OpenSessionRequest {
  /** Continues this session, or begins one under this id, which holds no `/` then; left out, a new id is made. */
  readonly id?: string;
  /** Who speaks; a session of somebody else is unknown to them. */
  readonly identity: Identity;
  /** Lets a session go on with another version of its agent. */
  readonly allowChangedAgent?: boolean;
}

/** Who watches a turn as it happens. */
export interface TurnWatcher {
  readonly onEvent?: (event: AgentEvent) => void;
  /** Called with each piece of an answer as the model writes it, before it was checked. */
  readonly onText?: (delta: string) => void;
}

type SendResult =
  /** The turns that were run, in order: one that a crash left open, those of queued messages, that of the message. */
  | { readonly kind: "done"; readonly turns: readonly FinishedTurn[] }
  /** Another holder is at work and takes the message up after `position - 1` others. */
  | { readonly kind: "queued"; readonly position: number };

/** A conversation with one user that goes on after a crash. Holds no message between turns. */
export interface Session {
  readonly id: string;
  readonly identity: Identity;
  /** @throws {SessionError} SESSION_UNKNOWN when it was deleted */
  record(): SessionRecord;
  /**
   * Says something. Finishes first what a crash left open, then takes up every queued message in order.
   *
   * A turn that fails (see {@link FinishedTurn.error}) stays open, and messages behind it stay queued.
   *
   * @throws {SessionError} SESSION_BUSY when another holder is at work and messages do not queue
   */
  send(text: string, watcher?: TurnWatcher): Promise<SendResult>;
  /** Finishes what a crash left open, and the queue. Nothing to do gives no turns; `null`: another holder is at work. */
  resume(watcher?: TurnWatcher): Promise<readonly FinishedTurn[] | null>;
  /** Lets the parts of the agent write down what they learned. The session can still go on. */
  end(stop: StopReason): Promise<void>;
}

const DEFAULT_RENEW_MS = 10_000;

/**
 * Opens a session, or begins it.
 *
 * @throws {SessionError} SESSION_UNKNOWN for a session of another user, SESSION_AGENT_CHANGED for another agent
 * @throws {UsageError} for a new id with a `/`
 */
export function openSession(host: SessionHost, request: OpenSessionRequest): Session {
  const { agent, store } = host;
  const { tenantId, userId } = request.identity;
  const id = request.id ?? randomUUID();
  const found = store.find(id);
  if (found === null) {
    refuseSlash(id);
    store.create({ id, tenantId, userId, agentName: agent.name, agentVersion: agent.version });
  } else {
    refuseStranger(found, request.identity);
    refuseChange(found, agent, request.allowChangedAgent ?? false);
  }
  return new HostedSession(host, id, request.identity);
}

class HostedSession implements Session {
  constructor(
    private readonly host: SessionHost,
    readonly id: string,
    readonly identity: Identity,
  ) {}

  record(): SessionRecord {
    const found = this.host.store.find(this.id);
    if (found === null) throw unknownSession(this.id);
    return found;
  }

  async send(text: string, watcher: TurnWatcher = {}): Promise<SendResult> {
    const worked = await this.hold(text, (owner) => this.drain(owner, watcher));
    return worked.kind === "busy"
      ? { kind: "queued", position: worked.queued }
      : { kind: "done", turns: worked.result };
  }

  async resume(watcher: TurnWatcher = {}): Promise<readonly FinishedTurn[] | null> {
    const worked = await this.hold(null, (owner) => this.drain(owner, watcher));
    return worked.kind === "busy" ? null : worked.result;
  }

  async end(stop: StopReason): Promise<void> {
    const worked = await this.hold(null, async (owner) => {
      await endConversation(this.turnOf(owner, {}), stop);
    });
    if (worked.kind === "busy") throw busySession(this.id);
  }

  /** Claims the session, keeps it while the work lasts, and gives it back whatever comes of the work. */
  private async hold<T>(
    text: string | null,
    work: (owner: SessionOwner) => Promise<T>,
  ): Promise<
    { readonly kind: "done"; readonly result: T } | { readonly kind: "busy"; readonly queued: number }
  > {
    const { store, whenBusy = "queue", renewMs = DEFAULT_RENEW_MS } = this.host;
    const owner = newOwner();
    let renewal: NodeJS.Timeout | undefined;
    let result: T;
    try {
      const claim = store.claim(this.id, { owner, text, whenBusy });
      if (claim.kind === "busy") {
        if (text !== null && claim.queued === null) throw busySession(this.id);
        store.commit(this.id);
        return { kind: "busy", queued: claim.queued ?? 0 };
      }
      renewal = setInterval(() => this.renew(owner), renewMs).unref();
      result = await work(owner);
    } finally {
      clearInterval(renewal);
      if (renewal !== undefined) this.giveBack(owner);
      forgetOwner(owner);
    }
    // Whoever asked is about to see the answer.
    store.commit(this.id);
    return { kind: "done", result };
  }

  /** A lease that cannot be renewed ends: the next write says so. */
  private renew(owner: SessionOwner): void {
    try {
      this.host.store.renew(this.id, owner);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  /** What cannot be given back ends with its lease; what was done stays done. */
  private giveBack(owner: SessionOwner): void {
    try {
      this.host.store.release(this.id, owner);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  private async drain(owner: SessionOwner, watcher: TurnWatcher): Promise<readonly FinishedTurn[]> {
    const turns: FinishedTurn[] = [];
    if (this.record().isTurnOpen) {
      turns.push(await runTurn(this.turnOf(owner, watcher), null));
    }
    for (;;) {
      const last = turns.at(-1);
      if (last !== undefined && (last.error !== null || last.stop === "aborted")) return turns;
      const next: QueuedMessage | null = this.host.store.nextOrRelease(this.id, owner);
      if (next === null) return turns;
      turns.push(await runTurn(this.turnOf(owner, watcher), next));
    }
  }

  private turnOf(owner: SessionOwner, watcher: TurnWatcher) {
    const log = this.host.store.log(this.id, owner);
    return { host: this.host, id: this.id, identity: this.identity, log, watcher };
  }
}

/** Conversations with specialists are called `<session>/<specialist>`: their effects must not pass for another session's. */
function refuseSlash(id: string): void {
  if (!id.includes("/")) return;
  throw new UsageError(`session ${id}: expected an id without "/"`, { nextStep: "Choose another id." });
}

function refuseStranger(found: SessionRecord, { tenantId, userId }: Identity): void {
  if (found.tenantId !== tenantId || found.userId !== userId) throw unknownSession(found.id);
}

function refuseChange(found: SessionRecord, agent: Agent, isAllowed: boolean): void {
  if (found.agentName === agent.name && (isAllowed || found.agentVersion === agent.version)) return;
  throw new SessionError(
    "SESSION_AGENT_CHANGED",
    `session ${found.id} was begun with ${found.agentName} ${found.agentVersion.slice(0, 12)}, ` +
      `found ${agent.name} ${agent.version.slice(0, 12)}`,
    { nextStep: "Restore that version of the agent, allow the change, or begin a new session." },
  );
}

function unknownSession(id: string): SessionError {
  return new SessionError("SESSION_UNKNOWN", `there is no session ${id}`, {
    nextStep: "Check the id, or begin a new session.",
  });
}

function busySession(id: string): SessionError {
  return new SessionError("SESSION_BUSY", `another process is at work on session ${id}`, {
    nextStep: "Wait until it has answered.",
  });
}
