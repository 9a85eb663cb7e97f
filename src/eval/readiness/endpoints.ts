import { isExternalAgent } from "./agent-kind.js";
import type { AgentFacts } from "./facts.js";

type Path = readonly (string | number)[];

/** A key that ought to be written, with the line where it is; `null` where it is not. */
interface AskedKey {
  readonly key: string;
  readonly line: number | null;
  /** What could be written. */
  readonly example: string;
}

/** A block of an agent file that waits for something, and says how long and how often. */
export interface EndpointBlock {
  /** For people, e.g. `model.fallbacks 2`. */
  readonly name: string;
  readonly path: Path;
  /** `null` where it waits for nothing of its own. */
  readonly timeout: AskedKey | null;
  /** `null` where nothing is asked again. */
  readonly retries: AskedKey | null;
}

/** Every block of an agent file that waits: models, endpoints of the search, tools, the whole trial. */
export function endpointsOf(agent: AgentFacts): readonly EndpointBlock[] {
  const { config, lineOf } = agent;
  const block = (path: Path, timeout: string | null, retries: string | null): EndpointBlock => ({
    name: path.map((one) => (typeof one === "number" ? String(one + 1) : one)).join(" "),
    path,
    timeout:
      timeout === null
        ? null
        : asked(
            path,
            timeout,
            timeout === "timeouts" ? "timeouts: { total_ms: 30000 }" : `${timeout}: 30000`,
          ),
    retries:
      retries === null
        ? null
        : asked(path, retries, retries === "retry" ? "retry: { safe: true, max: 2 }" : `${retries}: 2`),
  });
  const asked = (path: Path, key: string, example: string): AskedKey => ({
    key,
    line: lineOf([...path, key]),
    example,
  });
  const limits = block(["limits"], "timeout_ms", null);
  const tools = "tools" in config ? (config.tools ?? []) : [];
  const sources = tools.flatMap((entry, index) =>
    typeof entry === "object" && ("openapi" in entry || "mcp" in entry)
      ? [block(["tools", index], "timeout_ms", null)]
      : [],
  );
  if (isExternalAgent(config)) {
    const trigger: Path =
      config.kind !== "otlp" ? [] : "http" in config.trigger ? ["trigger", "http"] : ["trigger", "exec"];
    const isHttp = config.kind === "http" || (config.kind === "otlp" && "http" in config.trigger);
    const own = isHttp ? block(trigger, "timeouts", "retry") : block(trigger, "reply_timeout_ms", null);
    return [{ ...own, name: own.name === "" ? `kind ${config.kind}` : own.name }, limits, ...sources];
  }
  const { embeddings, rerank } = config.retrieval ?? {};
  return [
    block(["model"], "timeout_ms", "max_retries"),
    ...(config.model.fallbacks ?? []).map((_, index) =>
      block(["model", "fallbacks", index], "timeout_ms", "max_retries"),
    ),
    limits,
    ...(embeddings?.provider === "openai"
      ? [block(["retrieval", "embeddings"], "timeout_ms", "max_retries")]
      : []),
    ...(rerank?.kind === "endpoint" ? [block(["retrieval", "rerank"], "timeout_ms", "max_retries")] : []),
    ...(config.memory?.embeddings === undefined
      ? []
      : [block(["memory", "embeddings"], "timeout_ms", "max_retries")]),
    ...sources,
  ];
}
