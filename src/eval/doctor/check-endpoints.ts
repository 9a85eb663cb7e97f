import { connect } from "node:net";
import type { ModelConfig } from "../../models/registry.js";
import { baseUrlOf, keyOf } from "../../models/resolve-endpoint.js";
import type { DoctorCheck } from "../../report/doctor-report.js";
import { checksOf, type DoctorContext } from "./doctor-context.js";
import type { NamedSettings } from "./endpoint-settings.js";

const WAIT_MS = 3000;
const ANTHROPIC_VERSION = "2023-06-01";
const { ok, warning, problem, unknown } = checksOf("endpoints");

export interface CheckedEndpoints {
  readonly checks: readonly DoctorCheck[];
  /** Milliseconds by which the clocks of endpoints are ahead of ours, as exact as a second, by host. */
  readonly skewMs: ReadonlyMap<string, number>;
}

/**
 * Whether the endpoints of models answer, by their list of models, which costs nothing; and whether those of other agents
 * take a connection, because a request might do something there.
 */
export async function checkEndpoints(
  settings: readonly NamedSettings[],
  context: DoctorContext,
): Promise<CheckedEndpoints> {
  const models = new Map<string, { readonly model: ModelConfig; readonly isOptional: boolean }>();
  const others = new Set<string>();
  for (const one of settings) {
    for (const model of one.models) {
      const baseUrl = baseUrlOf(model, context.env);
      if (baseUrl === null) continue;
      const place = `${baseUrl} ${keyOf(model, context.env)?.variable}`;
      const isOptional = one.isOptional && models.get(place)?.isOptional !== false;
      models.set(place, { model, isOptional });
    }
    for (const url of one.urls) others.add(url);
  }
  const skewMs = new Map<string, number>();
  if (models.size + others.size === 0)
    return { checks: [ok("endpoints", "no file of the project names one")], skewMs };
  const checks = await Promise.all([
    ...[...models.values()].map(async ({ model, isOptional }) => {
      const check = await checkModel(model, context, skewMs);
      return isOptional ? lessened(check) : check;
    }),
    ...[...others].map((url) => checkConnection(url, context)),
  ]);
  return { checks, skewMs };
}

/** What only judges want does not keep an evaluation from working. */
function lessened(check: DoctorCheck): DoctorCheck {
  if (check.state !== "problem") return check;
  return { ...check, state: "warning", evidence: `${check.evidence}; only judges ask it` };
}

async function checkModel(
  model: ModelConfig,
  context: DoctorContext,
  skewMs: Map<string, number>,
): Promise<DoctorCheck> {
  const baseUrl = baseUrlOf(model, context.env) ?? "";
  const name = placeOf(baseUrl);
  if (!/^https?:/.test(baseUrl) || !URL.canParse(baseUrl)) {
    return problem(name, "expected an http or https URL", "correct `model.base_url`");
  }
  if (context.isOffline) return unknown(name, "not asked: --offline");
  const { variable = "" } = keyOf(model, context.env) ?? {};
  const key = context.env[variable]?.trim() || null;
  const path = model.provider === "anthropic" ? "/v1/models" : "/models";
  const started = context.clock.now();
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, "")}${path}`, {
      headers: headersOf(model.provider, key),
      redirect: "manual",
      signal: AbortSignal.timeout(WAIT_MS),
    });
    await response.body?.cancel();
    const ended = context.clock.now();
    const date = Date.parse(response.headers.get("date") ?? "");
    if (!Number.isNaN(date)) skewMs.set(new URL(baseUrl).host, date - (started + ended) / 2);
    return ofStatus(name, response.status, ended - started, variable, key !== null);
  } catch (error) {
    return unreachable(name, error);
  }
}

function headersOf(provider: string, key: string | null): Record<string, string> {
  if (key === null) return {};
  return provider === "anthropic"
    ? { "x-api-key": key, "anthropic-version": ANTHROPIC_VERSION }
    : { authorization: `Bearer ${key}` };
}

function ofStatus(
  name: string,
  status: number,
  tookMs: number,
  variable: string,
  hasKey: boolean,
): DoctorCheck {
  const evidence = `answered ${status} to /models in ${Math.round(tookMs)} ms`;
  if (status === 401 || status === 403) {
    return hasKey
      ? problem(name, `${evidence}: it refuses the key`, `renew the key in ${variable}`)
      : problem(name, `${evidence}: it wants a key`, `set ${variable} in the environment or in .env`);
  }
  if (status >= 500) return problem(name, `${evidence}: it is not well`, "try again later");
  if (status === 429)
    return warning(name, `${evidence}: too many requests`, "wait, or ask for a higher limit");
  if (status >= 300 && status < 400) {
    return warning(name, `${evidence}: it sends elsewhere`, "correct `model.base_url`");
  }
  if (status >= 400) return unknown(name, `${evidence}: reachable, but it does not list its models`);
  return ok(name, evidence);
}

function checkConnection(url: string, { isOffline }: DoctorContext): Promise<DoctorCheck> {
  const name = placeOf(url);
  if (isOffline) return Promise.resolve(unknown(name, "not asked: --offline"));
  const { hostname, port, protocol } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port) || (protocol === "https:" ? 443 : 80),
      timeout: WAIT_MS,
    });
    const end = (check: DoctorCheck) => {
      socket.destroy();
      resolve(check);
    };
    socket.on("connect", () => end(ok(name, "takes connections; nothing was asked")));
    socket.on("timeout", () => end(unreachable(name, new DOMException("", "TimeoutError"))));
    socket.on("error", (error) => end(unreachable(name, error)));
  });
}

function unreachable(name: string, error: unknown): DoctorCheck {
  const { cause = error } = error as { cause?: unknown };
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  const isTimeout = error instanceof Error && error.name === "TimeoutError";
  if (isTimeout || code === "ETIMEDOUT") {
    return problem(name, `no answer within ${WAIT_MS / 1000} s`, "check the network, a proxy or a firewall");
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return problem(name, `DNS knows no such host (${code})`, "correct the address, or check the name server");
  }
  if (code === "ECONNREFUSED") {
    return problem(name, "refuses connections", "start the server, or correct the port");
  }
  return problem(
    name,
    `cannot be reached${code === "" ? "" : ` (${code})`}`,
    "check address, network and certificates",
  );
}

/** An address without what may be secret in it: user, password and query. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return "address that is no URL";
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
}
