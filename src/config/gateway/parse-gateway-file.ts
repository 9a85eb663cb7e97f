import { type Finding, valueAt } from "../describe-issues.js";
import { parseYamlFile } from "../yaml-file.js";
import { type GatewayConfig, gatewaySchema } from "./gateway-schema.js";

/**
 * Reads gateway.yaml. A gateway that anybody can reach must ask for keys or for certificates.
 *
 * @throws {ConfigError} with every problem of the file
 */
export function parseGatewayFile(text: string, file: string): GatewayConfig {
  return parseYamlFile(text, file, gatewaySchema, [openToAll, shadowWithoutCanary]);
}

function openToAll(value: unknown): Finding[] {
  const host = valueAt(value, ["listen", "host"]);
  if (typeof host !== "string" || isLoopback(host)) return [];
  if (valueAt(value, ["keys"]) !== undefined) return [];
  if (valueAt(value, ["listen", "tls", "client_ca"]) !== undefined) return [];
  const message =
    "`listen.host` can be reached from other machines and nobody is asked for a key; " +
    "add `keys`, or `listen.tls.client_ca`, or listen on 127.0.0.1";
  return [{ path: ["listen", "host"], message }];
}

function shadowWithoutCanary(value: unknown): Finding[] {
  if (valueAt(value, ["shadow"]) === undefined || valueAt(value, ["arms", "canary"]) !== undefined) return [];
  return [
    { path: ["shadow"], message: "`shadow` copies requests to `arms.canary`, which is missing; add it" },
  ];
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host);
}
