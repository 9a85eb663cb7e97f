import { conversationKey } from "../../core/conversation-key.js";
import type { LiveEvent, LiveEventOf } from "../../core/live-event.js";
import { type Arm, PROBE_PREFIX } from "../../core/traffic-split.js";
import type { ConversationRecord, RequestRecord } from "./conversation-record.js";

/** Which events are of a release. */
export interface FoldScope {
  readonly service: string;
  /** What routers call the release in their events: its id or its salt. */
  readonly names: readonly string[];
  /** Earlier events say nothing of it, milliseconds since the Unix epoch. */
  readonly from: number;
}

/** What was seen and left out, for people who wonder where their events are. */
export interface FoldCounts {
  readonly events: number;
  readonly duplicates: number;
  /** Of another service or release, or too early. */
  readonly others: number;
  /** Requests of testers, probes and copies. */
  readonly unassigned: { readonly override: number; readonly probe: number; readonly shadow: number };
  /** Conversations that were seen in both arms; they count for the first. */
  readonly crossed: number;
}

interface Served extends RequestRecord {
  readonly arm: Arm;
  readonly bps: number;
  readonly key: string;
  /** When it was routed. */
  readonly start: number;
}

interface Told<Value> {
  readonly value: Value;
  readonly at: number;
}

interface Conversation {
  readonly id: string;
  readonly stratum: string;
  /** Those of all tenants with that id; `null`: it is the only one. */
  namesakes: Conversation[] | null;
  readonly served: Served[];
  fallbackAt: number | null;
  resolved: Told<boolean> | null;
  handoff: Told<boolean> | null;
  thumb: Told<boolean> | null;
  readonly violations: ConversationRecord["violations"][number][];
  readonly scores: Map<string, Told<number>>;
  /** As it was last given out; `undefined`: something came since. */
  record: ConversationRecord | null | undefined;
  hasCrossed: boolean;
}

/**
 * Folds live events into conversations, in any order and each event once: whatever the order, the result is the same.
 * A conversation is of one tenant: what another one tells of the same id is about a conversation of its own. Where it has
 * none, a verified violation counts for whoever has: safety must not hang on how a scanner names tenants.
 *
 * A conversation is assigned by the first request that the bucket routed while the release had a share; the requests of
 * that arm are its own from then on. One that the bucket moved to the other arm later stays where it was assigned. Those
 * before the release had a share are of the old version, and the baseline.
 */
export class EventFold {
  readonly #scope: FoldScope;
  readonly #seen = new Set<string>();
  readonly #conversations = new Map<string, Conversation>();
  /** The first conversation of each id. */
  readonly #firstById = new Map<string, Conversation>();
  readonly #withoutId: number[] = [];
  readonly #left = { override: 0, probe: 0, shadow: 0 };
  #duplicates = 0;
  #others = 0;
  #sorted: readonly ConversationRecord[] | null = null;
  #astray: number | null = null;

  constructor(scope: FoldScope) {
    this.#scope = scope;
  }

  /** @param at - the timestamp of the event, milliseconds since the Unix epoch */
  add(event: LiveEvent, at: number): void {
    if (at < this.#scope.from || !this.#isOurs(event)) {
      this.#others += 1;
      return;
    }
    if (this.#seen.has(event.event_id)) {
      this.#duplicates += 1;
      return;
    }
    this.#seen.add(event.event_id);
    switch (event.event_type) {
      case "request_served":
        this.#serve(event, at);
        break;
      case "feedback":
        this.#feedback(event, at);
        break;
      case "safety_violation": {
        const { rule, severity, verified } = event.payload;
        this.#changed(event).violations.push({ rule, severity, verified, at });
        break;
      }
      case "conversation_scored": {
        const { scores } = this.#changed(event);
        const { metric, value } = event.payload;
        if (at >= (scores.get(metric)?.at ?? Number.NEGATIVE_INFINITY)) scores.set(metric, { value, at });
        break;
      }
    }
  }

  /** Conversations that were assigned, in the order in which they began. */
  conversations(): readonly ConversationRecord[] {
    if (this.#sorted === null) {
      const records: ConversationRecord[] = [];
      for (const conversation of this.#conversations.values()) {
        if (conversation.record === undefined) conversation.record = recordOf(conversation);
        if (conversation.record !== null) records.push(conversation.record);
      }
      this.#sorted = records.sort((a, b) => a.firstAt - b.firstAt || compareNames(a, b));
    }
    return this.#sorted;
  }

  /** Requests since a moment that named no id. */
  withoutId(since: number): number {
    return this.#withoutId.filter((at) => at >= since).length;
  }

  /** Conversations that were the canary's and met only stable, since a moment. */
  fallbacks(since: number): number {
    this.conversations();
    let count = 0;
    for (const { fallbackAt, record } of this.#conversations.values()) {
      if (fallbackAt !== null && fallbackAt >= since && record === null) count += 1;
    }
    return count;
  }

  /** Conversations that were told about under another tenant than that of their requests. */
  get astray(): number {
    if (this.#astray === null) {
      this.#astray = 0;
      for (const one of this.#conversations.values()) {
        if (one.served.length === 0 && one.fallbackAt === null && one.namesakes?.some(isServed))
          this.#astray += 1;
      }
    }
    return this.#astray;
  }

  get counts(): FoldCounts {
    this.conversations();
    let crossed = 0;
    for (const { hasCrossed } of this.#conversations.values()) crossed += Number(hasCrossed);
    const { size: events } = this.#seen;
    return {
      events,
      duplicates: this.#duplicates,
      others: this.#others,
      unassigned: { ...this.#left },
      crossed,
    };
  }

  /** Logs of proxies know the service, and not always the release. */
  #isOurs(event: LiveEvent): boolean {
    if (event.event_type !== "request_served") return true;
    const { service, release } = event.payload;
    return (
      service === this.#scope.service &&
      ((release ?? null) === null || this.#scope.names.includes(release ?? ""))
    );
  }

  #serve(event: LiveEventOf<"request_served">, at: number): void {
    const { arm, bps, route, key, ok, latencyMs, firstTokenMs, costUsd, usage, finishReason } = event.payload;
    const isProbe = route === "probe" || (key ?? "").startsWith(PROBE_PREFIX);
    if (isProbe || route === "override" || route === "shadow") {
      this.#left[isProbe ? "probe" : (route as "override" | "shadow")] += 1;
      return;
    }
    if (route === "no-id" || key === null) {
      this.#withoutId.push(at);
      return;
    }
    const conversation = this.#changed(event);
    if (route === "fallback") {
      conversation.fallbackAt = Math.max(at, conversation.fallbackAt ?? at);
      return;
    }
    conversation.served.push({
      at,
      start: at - latencyMs,
      arm,
      bps,
      key,
      ok,
      latencyMs,
      firstTokenMs: firstTokenMs ?? null,
      costUsd: costUsd ?? null,
      inputTokens: usage?.inputTokens ?? null,
      outputTokens: usage?.outputTokens ?? null,
      finishReason: finishReason ?? null,
    });
  }

  #feedback(event: LiveEventOf<"feedback">, at: number): void {
    const conversation = this.#changed(event);
    const { kind, value } = event.payload;
    const field = kind === "resolution" ? "resolved" : kind;
    if (at >= (conversation[field]?.at ?? Number.NEGATIVE_INFINITY)) conversation[field] = { value, at };
  }

  #changed({ conversation_id: id, tenant_id: stratum }: LiveEvent): Conversation {
    this.#sorted = null;
    this.#astray = null;
    const name = conversationKey(stratum, id);
    let conversation = this.#conversations.get(name);
    if (conversation === undefined) {
      conversation = {
        id,
        stratum,
        namesakes: null,
        served: [],
        fallbackAt: null,
        resolved: null,
        handoff: null,
        thumb: null,
        violations: [],
        scores: new Map(),
        record: undefined,
        hasCrossed: false,
      };
      this.#conversations.set(name, conversation);
      this.#name(conversation);
    }
    for (const one of conversation.namesakes ?? [conversation]) one.record = undefined;
    return conversation;
  }

  #name(conversation: Conversation): void {
    const first = this.#firstById.get(conversation.id);
    if (first === undefined) {
      this.#firstById.set(conversation.id, conversation);
      return;
    }
    first.namesakes ??= [first];
    first.namesakes.push(conversation);
    conversation.namesakes = first.namesakes;
  }
}

function isServed({ served }: Conversation): boolean {
  return served.length > 0;
}

/** Verified violations that were told of a conversation under a tenant that has none of its id. */
function strayViolations({ namesakes }: Conversation): ConversationRecord["violations"] {
  if (namesakes === null) return [];
  const strays = namesakes.filter((one) => !isServed(one));
  return strays.flatMap(({ violations }) => violations.filter(({ verified }) => verified));
}

function compareNames(a: ConversationRecord, b: ConversationRecord): number {
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return a.stratum < b.stratum ? -1 : 1;
}

/** In the order of their names, whatever came first. */
function scoresOf({ scores }: Conversation): ConversationRecord["scores"] {
  const byName = [...scores].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(byName.map(([metric, { value }]) => [metric, value]));
}

/** `null`: it was never assigned. */
function recordOf(conversation: Conversation): ConversationRecord | null {
  const served = conversation.served.sort((a, b) => a.start - b.start || a.at - b.at);
  const first = served.find(({ bps }) => bps > 0) ?? served[0];
  if (first === undefined) return null;
  const { arm, bps, key } = first;
  const since = served.slice(served.indexOf(first));
  const own = since.filter((request) => request.arm === arm);
  conversation.hasCrossed = own.length < since.length;
  const record: ConversationRecord = {
    id: conversation.id,
    arm,
    cluster: key,
    stratum: conversation.stratum,
    bps,
    firstAt: first.start,
    requests: own.map(
      ({ at, ok, latencyMs, firstTokenMs, costUsd, inputTokens, outputTokens, finishReason }) => ({
        at,
        ok,
        latencyMs,
        firstTokenMs,
        costUsd,
        inputTokens,
        outputTokens,
        finishReason,
      }),
    ),
    resolved: conversation.resolved,
    handedOff: conversation.handoff?.value ?? null,
    thumb: conversation.thumb?.value ?? null,
    violations: [...conversation.violations, ...strayViolations(conversation)].sort((a, b) => a.at - b.at),
    scores: scoresOf(conversation),
  };
  const isShared = conversation.namesakes?.some((one) => one !== conversation && isServed(one)) ?? false;
  return isShared ? { ...record, isShared: true } : record;
}
