import type { StoredKey } from "../../gateway/access/keys-file.js";
import type { GatewayKeyRow } from "./gateway-documents.js";

/** A key as lists show it: nothing of its hash. */
export function gatewayKeyRow(key: StoredKey): GatewayKeyRow {
  return {
    name: key.name,
    tenant: key.tenant,
    isTester: key.roles.includes("tester"),
    isReporter: key.roles.includes("reporter"),
    requestsPerMinute: key.requests_per_minute ?? null,
    tokensPerMinute: key.tokens_per_minute ?? null,
    maxConcurrent: key.max_concurrent ?? null,
  };
}
