import type { HttpConfig } from "../../../config/agent/external/http-schema.js";
import type { Json } from "../../../core/hash.js";
import type { AgentErrors } from "../agent-errors.js";
import { readCost, readReport, readUsage } from "../read-reported.js";
import { compiled, type Finder } from "./compile-expressions.js";
import type { Dialect, FinishedReply, ReplyBuilder } from "./dialect.js";
import { fillTemplate } from "./fill-template.js";
import { parsedJson } from "./parsed-json.js";

const FIELDS = [
  "text",
  "tool_calls",
  "retrievals",
  "reasoning",
  "usage",
  "cost_usd",
  "model",
  "error",
  "escalated",
  "session_id",
] as const;

type Field = (typeof FIELDS)[number];

/** Request and response of an agent file, ready to use. */
export interface Mapping {
  readonly request: Json;
  readonly fields: ReadonlyMap<Field, Finder>;
  readonly stream: {
    readonly format: "sse" | "json_lines";
    readonly delta: Finder;
    readonly isDone: (data: string, value: unknown) => boolean;
  } | null;
}

/**
 * @returns the mapping, and what is wrong with its expressions
 */
export function mappingOf({ request = null, response = {}, stream }: HttpConfig): {
  readonly mapping: Mapping;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const finder = (place: string, expression: string): Finder => {
    const found = compiled(expression);
    if (typeof found === "function") return found;
    problems.push(`${place}: ${found.wrong}`);
    return () => null;
  };
  const fields = new Map<Field, Finder>();
  for (const field of FIELDS) {
    const expression = response[field];
    if (expression !== undefined) fields.set(field, finder(`response.${field}`, expression));
  }
  if (stream === undefined) return { mapping: { request, fields, stream: null }, problems };
  const done = compiled(stream.done);
  const isDone = (data: string, value: unknown) =>
    data.trim() === stream.done ||
    (typeof done === "function" && value !== undefined && done(value) === true);
  return {
    mapping: {
      request,
      fields,
      stream: { format: stream.format, delta: finder("stream.delta", stream.delta), isDone },
    },
    problems,
  };
}

/** An endpoint that is spoken to as the agent file says. */
export function mappedDialect({ request, fields, stream }: Mapping, errors: AgentErrors): Dialect {
  return {
    stream: stream?.format ?? null,
    requestBody: (_, values) => fillTemplate(request, values),
    begin: () => new MappedBuilder({ request, fields, stream }, errors),
  };
}

class MappedBuilder implements ReplyBuilder {
  private readonly found = new Map<Field, unknown>();
  private text: string | null = null;
  private isDone = false;

  constructor(
    private readonly mapping: Mapping,
    private readonly errors: AgentErrors,
  ) {}

  add(data: string): string {
    const { stream, fields } = this.mapping;
    if (this.isDone) return "";
    if (stream?.isDone(data, undefined) === true) {
      this.isDone = true;
      return "";
    }
    const value = parsedJson(data, this.errors);
    for (const [field, find] of fields) {
      const found = find(value);
      if (found !== null) this.found.set(field, found);
    }
    this.failIfSaid();
    if (stream === null) {
      this.isDone = true;
      return this.wholeText() ?? "";
    }
    if (stream.isDone(data, value)) this.isDone = true;
    const delta = stream.delta(value);
    if (typeof delta !== "string") return "";
    this.text = (this.text ?? "") + delta;
    return delta;
  }

  finish(): FinishedReply {
    const { errors } = this;
    if (!this.isDone) {
      const nextStep =
        "See whether a proxy ends long responses; `stream.done` of the agent file says which event is the last.";
      throw errors.badReply("ended its stream before the last event", nextStep);
    }
    const isEscalated = this.found.get("escalated") === true;
    const text = this.wholeText() ?? this.text;
    if (text === null && !isEscalated) throw this.missing("text");
    const report = readReport({
      tool_calls: this.found.get("tool_calls"),
      retrievals: this.found.get("retrievals"),
      reasoning: this.found.get("reasoning"),
    });
    if ("wrong" in report) throw this.missing(report.wrong);
    const model = this.found.get("model");
    const sessionId = this.found.get("session_id");
    return {
      reply: {
        text,
        calls: [],
        finishReason: "stop",
        usage: readUsage(this.found.get("usage")),
        costUsd: readCost(this.found.get("cost_usd")),
        model: typeof model === "string" ? model : null,
        isEscalated,
        ...report,
      },
      sessionId: typeof sessionId === "string" || typeof sessionId === "number" ? String(sessionId) : null,
    };
  }

  private wholeText(): string | null {
    const text = this.found.get("text");
    if (text === undefined) return null;
    if (typeof text !== "string") throw this.missing("text");
    return text;
  }

  private failIfSaid(): void {
    const error = this.found.get("error");
    if (error === undefined || error === false || error === "") return;
    throw this.errors.failed(
      "says that it failed",
      typeof error === "string" ? error : JSON.stringify(error),
    );
  }

  private missing(path: string) {
    const wanted = path === "text" ? "a text" : "what docs/bring-your-own-agent.md says";
    return this.errors.badReply(
      `sent a response in which \`response.${path}\` does not find ${wanted}`,
      "Compare the JMESPath expressions of the agent file with what the agent answers.",
    );
  }
}
