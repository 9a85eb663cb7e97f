import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Arm } from "../../core/traffic-split.js";
import type { AnswerCopy } from "../capture/answer-copy.js";
import type { ArmSeat } from "./arm-seat.js";
import { askOnce, type Inbound } from "./ask-arm.js";
import type { Attempt, Failure } from "./attempt.js";
import type { Backend } from "./backend.js";
import type { ProxyContext } from "./context.js";
import type { Deadline } from "./deadlines.js";
import { ClientOutlet, Passage } from "./passage.js";

/** Before the next attempt at an arm that cannot be reached or is overloaded. */
const RETRY_DELAY_MS = 100;

/** Why an arm gave no answer that was passed on. */
export interface Problem {
  readonly word: Failure | "down";
  /** Whether another arm may be asked: nothing of an answer was seen, and there is time. */
  readonly canFallBack: boolean;
}

/** Who is asked, and whom to tell that it gave no answer. */
interface Asked {
  readonly arm: Arm;
  readonly backend: Backend;
  readonly onProblem: (problem: Problem) => void;
}

/** Nothing of an answer came: the request may be sent again. */
const REPEATABLE: ReadonlySet<Failure> = new Set<Failure>(["refused", "reset", "unavailable"]);

/** Brings one client the answer of an arm. */
export class Delivery {
  /** Of the answer that was passed on; `null` while there is none. */
  passage: Passage | null = null;
  /** What ended the answer, or the attempt in which the client went away. */
  failure: Failure | null = null;
  /** Who answered, or was asked last. */
  backend: Backend | null = null;
  readonly #context: ProxyContext;
  readonly #inbound: Inbound;
  readonly #response: ServerResponse;
  readonly #outlet: ClientOutlet;
  readonly #total: Deadline;
  #attempt: Attempt | null = null;
  #seat: ArmSeat | null = null;
  #isTooLate = false;

  constructor(
    context: ProxyContext,
    inbound: Inbound,
    response: ServerResponse,
    headers: () => string[],
    onBegun: () => void,
    copy: AnswerCopy | null,
  ) {
    this.#context = context;
    this.#inbound = inbound;
    this.#response = response;
    this.#outlet = new ClientOutlet(response, headers, onBegun, () => this.#attempt?.resume(), copy);
    this.#total = context.times.total.set(() => this.#tooLate());
  }

  /** @param onProblem - called when no answer was passed on; one that was, whole or cut, is none */
  ask(arm: Arm, onProblem: (problem: Problem) => void): void {
    const { arms, config } = this.#context;
    const backend = arms.admitted(arm);
    if (backend === null) {
      onProblem({ word: "down", canFallBack: true });
      return;
    }
    this.backend = backend;
    this.#seat = arms[arm];
    this.#seat.begin();
    this.#askOnce({ arm, backend, onProblem }, config.retries);
  }

  /** The client's connection is closed. An answer under way has nobody to go to. */
  clientGone(): void {
    this.#total.cancel();
    this.#attempt?.abort("client_gone");
  }

  /** The request is no longer with its arm. */
  left(ok: boolean): void {
    this.#seat?.end(ok);
    this.#seat = null;
  }

  #askOnce(asked: Asked, left: number): void {
    const { times, clock } = this.#context;
    const othersFollow = left > 0 || asked.arm === "canary";
    const now = () => clock.monotonic();
    const passage = new Passage(
      this.#inbound.wire,
      this.#outlet,
      now,
      (status) => othersFollow && (status === 502 || status === 503),
    );
    this.#attempt = askOnce(asked.backend, this.#inbound, times, now, passage, (failure) => {
      this.#attempt = null;
      if (passage.status === 0) void this.#failed(asked, failure, left);
      else this.#passed(passage, failure);
    });
  }

  async #failed(asked: Asked, failure: Failure | null, left: number): Promise<void> {
    // A request that undici refuses at once fails before `#askOnce` has noted its attempt.
    await Promise.resolve();
    const { arm, backend, onProblem } = asked;
    const isRepeatable = failure !== null && REPEATABLE.has(failure) && !this.#isTooLate;
    const mayRepeat =
      isRepeatable && left > 0 && this.#isOpen() && (await this.#mayTryAgain(backend, failure));
    if (mayRepeat) {
      this.#askOnce(asked, left - 1);
      return;
    }
    if (isRepeatable && arm === "canary") this.left(false);
    const canFallBack = isRepeatable && this.#isOpen() && !this.#isTooLate;
    onProblem({ word: this.#isTooLate ? "total_timeout" : (failure ?? "reset"), canFallBack });
  }

  #passed(passage: Passage, failure: Failure | null): void {
    this.passage = passage;
    this.failure = failure;
    // A clean end would make half an answer look like a whole one.
    if (failure !== null && !this.#response.destroyed) this.#response.destroy();
  }

  async #mayTryAgain(backend: Backend, failure: Failure): Promise<boolean> {
    // A kept connection that the server had just closed says nothing of the server.
    if (failure !== "reset") await wait(RETRY_DELAY_MS);
    return this.#isOpen() && !this.#isTooLate && backend.admits(this.#context.clock.monotonic());
  }

  #isOpen(): boolean {
    return !this.#response.destroyed;
  }

  #tooLate(): void {
    this.#isTooLate = true;
    this.#attempt?.abort(this.#response.writableNeedDrain ? "client_slow" : "total_timeout");
  }
}
