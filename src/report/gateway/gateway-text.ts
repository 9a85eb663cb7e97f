import type { GatewayCheck } from "../../gateway/check-gateway.js";
import { counted } from "../counted.js";
import type { GatewayKeyRow, GatewayServerDocument } from "./gateway-documents.js";

export function renderGatewayServer({ service, url, control, events }: GatewayServerDocument): string {
  const api = control === null ? "no control API" : `control ${control}`;
  return `${service}: ${url}/v1, ${api}, events ${events}`;
}

export function renderGatewayCheck({ file, service, keys, arms, isReady }: GatewayCheck): string {
  const door = keys === null ? "nobody is asked for a key" : counted(keys, "key");
  const rows = arms.map(({ arm, url, ok, status, latencyMs, reason }) => {
    const answer = status === null ? "" : ` ${status} in ${latencyMs} ms`;
    return `  ${ok ? "ok  " : "FAIL"} ${arm.padEnd(6)} ${url}${answer}${reason === null ? "" : `: ${reason}`}`;
  });
  const end = isReady ? "ready" : "not ready: an arm does not answer as it should";
  return [`${file}: service ${service}, ${door}`, ...rows, end].join("\n");
}

export function renderGatewayKeys(keys: readonly GatewayKeyRow[]): string {
  if (keys.length === 0) return "no keys; make one with `agentctl gateway key add NAME --tenant TENANT`";
  const width = Math.max(...keys.map(({ name }) => name.length));
  return keys
    .map((key) => [key.name.padEnd(width), `tenant ${key.tenant}`, ...wordsOf(key)].join("  "))
    .join("\n");
}

function wordsOf(key: GatewayKeyRow): readonly string[] {
  const { isTester, isReporter, requestsPerMinute, tokensPerMinute, maxConcurrent } = key;
  return [
    ...(isTester ? ["tester"] : []),
    ...(isReporter ? ["reporter"] : []),
    ...(requestsPerMinute === null ? [] : [`${requestsPerMinute} requests/min`]),
    ...(tokensPerMinute === null ? [] : [`${tokensPerMinute} tokens/min`]),
    ...(maxConcurrent === null ? [] : [`${maxConcurrent} at once`]),
  ];
}
