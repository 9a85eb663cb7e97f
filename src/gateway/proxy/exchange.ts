import type { IncomingMessage, ServerResponse } from "node:http";
import type { RouteReason } from "../../core/live-event.js";
import type { Arm } from "../../core/traffic-split.js";
import { AnswerCopy } from "../capture/answer-copy.js";
import type { Client, SplitState } from "../parts.js";
import type { GatewayRoute } from "../start-gateway.js";
import { OPERATIONS, pathOf, type Wire, wireOf } from "./api-routes.js";
import { Inbound } from "./ask-arm.js";
import { fallbackRoute, type PlannedRoute, planRoute } from "./choose-route.js";
import type { ProxyContext } from "./context.js";
import { Delivery, type Problem } from "./delivery.js";
import { answerError, type GatewayError } from "./error-answer.js";
import { costOf, type Outcome, outcomeOf } from "./outcome.js";
import { readBody } from "./read-body.js";
import { BodyFacts, headerText, type RequestFacts } from "./request-facts.js";
import { requestIds } from "./request-ids.js";
import { servedEvent } from "./served-event.js";
import { spanFacts } from "./span-facts.js";
import { tokensFor } from "./tokens-for.js";

/** Bodies up to this size are read to their end after a refusal, so that the connection can be used again. */
const SMALL_BODY = 64 * 1024;

const NOBODY: Client = { keyName: "", tenantId: "", isTester: false, isReporter: false };
const NO_FACTS: RequestFacts = { model: null, conversationId: null, key: null };
const NO_ROUTE: PlannedRoute = { arm: "stable", route: "no-id" };

/** A request that is kept, and what has come of its answer. */
interface KeptCopy {
  readonly wire: Wire;
  readonly conversationId: string;
  readonly request: Buffer;
  readonly answer: AnswerCopy;
}

function ignore(): void {}

/** One request of a client, from its head to its event. */
export class Exchange {
  readonly #context: ProxyContext;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #path: string;
  readonly #startedAt: number;
  readonly #ids: ReturnType<typeof requestIds>;
  /** As it was when the request began: share, salt and release belong together, and the body may take its time. */
  readonly #split: SplitState;
  readonly #bps: number;
  #client: Client | null = null;
  #done: ((tokens: number) => void) | null = null;
  #facts = NO_FACTS;
  #arm: Arm = NO_ROUTE.arm;
  #route: RouteReason = NO_ROUTE.route;
  /** Why the canary did not take it. */
  #canaryProblem: string | null = null;
  #body: Buffer | null = null;
  #delivery: Delivery | null = null;
  /** Of a conversation whose words are kept. */
  #copy: KeptCopy | null = null;
  /** Set when the gateway itself answered. */
  #ownAnswer: Outcome | null = null;

  constructor(context: ProxyContext, request: IncomingMessage, response: ServerResponse) {
    this.#context = context;
    this.#request = request;
    this.#response = response;
    this.#path = pathOf(request.url ?? "");
    this.#startedAt = context.clock.monotonic();
    this.#ids = requestIds(request.headers, context.config.otlp?.sample ?? null);
    this.#bps = context.split.effectiveBps();
    this.#split = context.split.read();
  }

  /** Never throws. Works with callbacks, as promises of each step would cost more than the step. */
  run(): void {
    this.#guard(() => this.#run());
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch {
      this.#fail("internal");
    }
  }

  #run(): void {
    const { doorkeeper, routes } = this.#context;
    const { method } = this.#request;
    this.#response.on("error", ignore);
    const own = routes.find((route) => route.path === this.#path && route.method === method);
    if (own?.isOpen === true) {
      this.#answerOwn(own, NOBODY);
      return;
    }
    const door = doorkeeper.admit(this.#request.headers);
    if ("refused" in door) {
      this.#response.on("close", () => this.#finish());
      this.#refuse(door.refused);
      return;
    }
    if (own !== undefined) {
      this.#response.on("close", () => door.done(0));
      this.#answerOwn(own, door.client);
      return;
    }
    this.#client = door.client;
    this.#done = door.done;
    this.#response.on("close", () => this.#finish());
    const wire = wireOf(method ?? "", this.#path);
    if (wire === null) this.#refuse(notFound(method ?? "", this.#path));
    else if (wire === "models") this.#serve(wire, door.client);
    else this.#readAndServe(wire, door.client);
  }

  #answerOwn(own: GatewayRoute, client: Client): void {
    const answered = own.handle(this.#request, this.#response, client);
    answered?.catch(() => this.#fail("internal"));
  }

  #readAndServe(wire: Wire, client: Client): void {
    const mostBytes = this.#context.config.limits.request_bytes;
    readBody(this.#request, mostBytes, (body) => {
      this.#body = body;
      this.#guard(() => (body === null ? this.#refuse(tooLarge(mostBytes)) : this.#serve(wire, client)));
    });
  }

  #serve(wire: Wire, client: Client): void {
    const { config, counts } = this.#context;
    this.#facts = new BodyFacts(this.#request, this.#body, client, config);
    const planned = planRoute(this.#facts.key, this.#wantedArm(client), this.#bps, this.#split.salt);
    counts.requests += 1;
    if (planned.route === "no-id") counts.withoutId += 1;
    this.#arm = planned.arm;
    this.#route = planned.route;
    this.#ask(Inbound.of(this.#request, wire, this.#body, this.#ids));
  }

  #ask(inbound: Inbound): void {
    const context = this.#context;
    this.#copy = this.#copyFor(inbound);
    const delivery = new Delivery(
      context,
      inbound,
      this.#response,
      () => this.#headers(),
      () => this.#onBegun(inbound),
      this.#copy?.answer ?? null,
    );
    this.#delivery = delivery;
    delivery.ask(this.#arm, (problem) => this.#guard(() => this.#onProblem(delivery, problem)));
  }

  #onProblem(delivery: Delivery, { word, canFallBack }: Problem): void {
    if (this.#arm === "stable" || !canFallBack) {
      this.#fail(word);
      return;
    }
    this.#canaryProblem = `canary_${word}`;
    this.#arm = "stable";
    this.#route = fallbackRoute(this.#route);
    this.#context.arms.canary.redispatched += 1;
    delivery.ask("stable", (problem) => this.#guard(() => this.#fail(problem.word)));
  }

  /** The answer of the stable arm has begun: a copy of the request can do no harm to it any more. */
  #onBegun(inbound: Inbound): void {
    const { shadow, config } = this.#context;
    if (shadow === null || this.#client === null || this.#arm === "canary") return;
    if (this.#route !== "bucket" && this.#route !== "no-id") return;
    if (inbound.wire === "models" || this.#request.headers[config.headers.no_shadow] !== undefined) return;
    const { traceId, span } = this.#ids;
    shadow.offer({ inbound, facts: this.#facts, traceId, span, tenantId: this.#client.tenantId });
  }

  #wantedArm(client: Client): Arm | null {
    if (!client.isTester) return null;
    const wanted = headerText(this.#request, this.#context.config.headers.arm);
    return wanted === "stable" || wanted === "canary" ? wanted : null;
  }

  /** Conversations of the sample are kept, as far as they are assigned at random. */
  #copyFor({ wire, body }: Inbound): KeptCopy | null {
    const { capture } = this.#context;
    const { conversationId } = this.#facts;
    if (capture === null || body === null || conversationId === null || this.#route !== "bucket") return null;
    if (!capture.wants(conversationId)) return null;
    return { wire, conversationId, request: body, answer: new AnswerCopy(capture.maxBytes - body.length) };
  }

  #keep(latencyMs: number): void {
    const { copy, passage } = { copy: this.#copy, passage: this.#delivery?.passage ?? null };
    const answer = copy?.answer.bytes() ?? null;
    if (copy === null || answer === null || passage?.reader == null || this.#route !== "bucket") return;
    this.#context.capture?.add({
      ...copy,
      answer,
      isStream: passage.isStream,
      tenantId: this.#client?.tenantId ?? "unknown",
      traceId: this.#ids.traceId,
      arm: this.#arm,
      release: this.#split.release,
      model: passage.facts.model ?? this.#facts.model,
      latencyMs,
    });
  }

  /** No arm answered. */
  #fail(word: string): void {
    if (this.#response.destroyed || this.#response.headersSent) return;
    this.#ownAnswer = { ok: false, failure: word };
    const retryAfterMs = this.#context.config.breaker.open;
    answerError(this.#response, this.#path, noAnswer(this.#arm, word, retryAfterMs), this.#headers(), false);
  }

  /** Nothing was asked of any arm. */
  #refuse(error: GatewayError): void {
    if (this.#response.destroyed) return;
    this.#ownAnswer = { ok: true, failure: error.code };
    const { "content-length": length, "transfer-encoding": encoding } = this.#request.headers;
    const isLarge = encoding !== undefined || Number(length ?? 0) > SMALL_BODY;
    answerError(this.#response, this.#path, error, ["x-request-id", this.#ids.requestId], isLarge);
  }

  #headers(): string[] {
    const own = ["x-agentctl-arm", this.#arm, "x-agentctl-route", this.#route];
    if (this.#split.release !== null) own.push("x-agentctl-release", this.#split.release);
    own.push("x-agentctl-trace-id", this.#ids.traceId);
    return own;
  }

  /** The connection is done with this request, whatever came of it. */
  #finish(): void {
    const { context, delivery } = { context: this.#context, delivery: this.#delivery };
    delivery?.clientGone();
    const passage = delivery?.passage ?? null;
    const facts = passage?.facts ?? null;
    const backend = delivery?.backend ?? null;
    const now = context.clock.monotonic();
    this.#done?.(tokensFor(facts?.usage ?? null, this.#body, passage?.reader?.pieces ?? 0));
    const status = this.#response.headersSent ? this.#response.statusCode : 0;
    const outcome = this.#outcome();
    delivery?.left(outcome.ok);
    if (outcome.ok) this.#keep(now - this.#startedAt);
    const firstAt = passage?.firstTokenAt ?? null;
    const wire = wireOf(this.#request.method ?? "", this.#path);
    const { span } = this.#ids;
    context.sink.emit(
      servedEvent({
        facts: this.#facts,
        traceId: this.#ids.traceId,
        tenantId: this.#client?.tenantId ?? "unknown",
        now: context.clock.now(),
        payload: {
          service: context.config.service,
          arm: this.#arm,
          release: this.#split.release,
          bps: this.#bps,
          route: this.#route,
          model: facts?.model ?? this.#facts.model,
          operation: OPERATIONS[wire ?? "models"],
          status,
          ok: outcome.ok,
          failure: outcome.failure,
          streamed: passage?.isStream ?? false,
          latencyMs: now - this.#startedAt,
          firstTokenMs: firstAt === null ? null : firstAt - this.#startedAt,
          usage: facts?.usage ?? null,
          costUsd: facts === null || backend === null ? null : costOf(backend, facts, this.#facts),
          finishReason: facts?.finishReason ?? null,
          key: this.#facts.key,
        },
      }),
      span === null ? null : spanFacts({ context: span, wire, backend, asked: this.#facts, answered: facts }),
    );
  }

  #outcome(): Outcome {
    if (this.#ownAnswer !== null) return this.#ownAnswer;
    const passage = this.#delivery?.passage ?? null;
    if (passage === null) return { ok: true, failure: "client_gone" };
    const outcome = outcomeOf(passage, this.#delivery?.failure ?? null);
    return outcome.failure === null ? { ok: true, failure: this.#canaryProblem } : outcome;
  }
}

function notFound(method: string, path: string): GatewayError {
  const shown = path.length > 100 ? `${path.slice(0, 100)}…` : path;
  return { status: 404, code: "not_found", message: `this gateway does not serve ${method} ${shown}` };
}

function tooLarge(mostBytes: number): GatewayError {
  return { status: 413, code: "request_too_large", message: `a request may have ${mostBytes} bytes at most` };
}

function noAnswer(arm: Arm, word: string, retryAfterMs: number): GatewayError {
  if (word.endsWith("timeout")) {
    return { status: 504, code: "timeout", message: "the model did not answer in time" };
  }
  if (word === "internal") {
    return { status: 500, code: "internal", message: "the gateway failed; this is a bug in it" };
  }
  const message = "the model cannot be reached now; try again";
  return { status: 503, code: `${arm}_unavailable`, message, retryAfterMs };
}
