import type { GatewayCheck } from "../../gateway/check-gateway.js";

/** A gateway that listens. */
export interface GatewayServerDocument {
  readonly service: string;
  /** Where clients send their requests. */
  readonly url: string;
  /** Where the control API listens; `null`: there is none. */
  readonly control: string | null;
  /** Folder of the event log. */
  readonly events: string;
}

/** A key of the gateway, without what lets in. */
export interface GatewayKeyRow {
  readonly name: string;
  readonly tenant: string;
  readonly isTester: boolean;
  readonly isReporter: boolean;
  /** `null`: no limit. */
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  readonly maxConcurrent: number | null;
}

/** What the commands of the gateway print under `--json`. */
export interface GatewayDocuments {
  readonly "gateway-server": GatewayServerDocument;
  readonly "gateway-check": GatewayCheck;
  /** The key itself is in this document and nowhere else. */
  readonly "gateway-key": { readonly name: string; readonly tenant: string; readonly key: string };
  readonly "gateway-key-list": { readonly file: string; readonly keys: readonly GatewayKeyRow[] };
  readonly "gateway-key-removed": { readonly name: string };
}
