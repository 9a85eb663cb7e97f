import type { HttpConfig } from "../../../config/agent/external/http-schema.js";
import { ConfigError } from "../../../core/errors.js";
import { AgentErrors } from "../agent-errors.js";
import type { ExternalAgent } from "../external-agent.js";
import type { ExternalContext } from "../open-external.js";
import { openSessions } from "../open-sessions.js";
import { carriesMessage, templateProblems } from "./fill-template.js";
import { HttpSession } from "./http-session.js";
import { mappedDialect, mappingOf } from "./mapped-dialect.js";
import { openaiDialect } from "./openai-dialect.js";
import { withVariables } from "./with-variables.js";

/**
 * An agent behind an HTTP endpoint. Nothing is sent before the first message.
 *
 * @throws {ConfigError} with every variable that is not set and every expression that is none
 */
export function openHttp(
  config: HttpConfig & { readonly name: string; readonly kind?: string },
  { file, env, clock, secrets: known }: ExternalContext,
): Promise<ExternalAgent> {
  const problems: string[] = [];
  const secrets = new Set(known);
  const fill = (place: string, text: string): string => {
    const filled = withVariables(text, env);
    for (const value of filled.values) secrets.add(value);
    for (const name of filled.missing)
      problems.push(`${place}: expected the environment variable ${name} to be set`);
    return filled.text;
  };
  const url = urlOf(fill("url", config.url), problems);
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(config.headers)) {
    const value = fill(`headers.${name}`, text);
    if (/[^\t\x20-\x7e]/.test(value))
      problems.push(`headers.${name}: the value of its variable holds characters that a header cannot`);
    headers[name.toLowerCase()] = value;
  }
  const { mapping, problems: wrong } = mappingOf(config);
  problems.push(...wrong, ...templateProblems(mapping.request));
  if (config.preset === undefined && !carriesMessage(mapping.request)) {
    problems.push(
      "request: expected {{message}} or {{messages}} in it, found neither; the agent would not hear the user",
    );
  }
  if (problems.length > 0) throw new ConfigError(problems.map((message) => ({ file, message })));

  const errors = new AgentErrors(`agent ${config.name} at ${url.host}`, [...secrets]);
  const { connect_ms, first_byte_ms, idle_ms, total_ms } = config.timeouts;
  const target = {
    url,
    method: config.method,
    headers,
    timeouts: { connectMs: connect_ms, firstByteMs: first_byte_ms, idleMs: idle_ms, totalMs: total_ms },
    maxBytes: config.max_response_bytes,
    retry: config.retry,
    serverNamesSession: mapping.fields.has("session_id"),
    errors,
    random: Math.random,
    now: clock.now,
  };
  const { preset, model = "", streaming } = config;
  return Promise.resolve({
    hash: null,
    secrets: [...secrets],
    namesModelCalls: false,
    ...openSessions((conversation) => {
      const dialect =
        preset === "openai"
          ? openaiDialect({ model, streaming, url }, conversation, errors)
          : mappedDialect(mapping, errors);
      return new HttpSession(target, dialect, conversation);
    }),
  });
}

function urlOf(text: string, problems: string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "")
    return url;
  problems.push(
    "url: expected an http or https URL without user name and password, once its variables are filled in",
  );
  return new URL("http://invalid.invalid");
}
