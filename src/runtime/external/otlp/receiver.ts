import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  contentTypeOf,
  encodingOf,
  exportResponse,
  type OtlpEncoding,
  type RpcCode,
  statusResponse,
} from "./export-response.js";
import { jsonSpans } from "./json-spans.js";
import { protobufSpans } from "./protobuf-spans.js";
import { RefusedBody, readBody } from "./read-body.js";
import { MalformedExport, type Span, type SpanBatch } from "./span.js";

const TRACES_PATH = "/v1/traces";
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 60_000;

export interface ReceiverOptions {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** Of one export, as sent and unpacked. */
  readonly maxBytes: number;
  /** Takes the spans of one export; says why some are rejected, one sentence for each of those. */
  readonly onSpans: (spans: readonly Span[]) => readonly string[];
}

/** A running receiver of OpenTelemetry traces over HTTP. */
export interface OtlpReceiver {
  /** What `OTEL_EXPORTER_OTLP_ENDPOINT` is set to, without `/v1/traces`. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * Listens for exports of traces: `POST /v1/traces`, protobuf or JSON, plain or packed. A request that cannot be read is
 * answered 400, 413 or 415 with a `google.rpc.Status` in its own encoding, as exporters expect; none of them is to be
 * sent again.
 *
 * @throws the error of `listen` when the address cannot be had
 */
export async function startReceiver(options: ReceiverOptions): Promise<OtlpReceiver> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    void answer(request, response, options);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  // A run is over when its trials are, not when nobody exports any more.
  server.unref();
  return { endpoint: endpointOf(server, options.host), close: () => closeServer(server) };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: ReceiverOptions) {
  const encoding = encodingOf(request.headers["content-type"]) ?? "json";
  const refuse = (status: number, code: RpcCode, message: string) => {
    // What was not read of the request would be taken for the next one.
    response.setHeader("connection", "close");
    send(response, status, encoding, statusResponse(encoding, code, message));
    request.resume();
  };
  const path = (request.url ?? "").split("?")[0];
  if (path !== TRACES_PATH) return refuse(404, "notFound", `only ${TRACES_PATH} is received here`);
  if (request.method !== "POST") {
    response.setHeader("allow", "POST");
    return refuse(405, "unimplemented", "only POST is received here");
  }
  if (encodingOf(request.headers["content-type"]) === null) {
    return refuse(
      415,
      "invalidArgument",
      "the content type is not application/x-protobuf or application/json",
    );
  }
  try {
    const { spans, rejected } = decode(await readBody(request, options.maxBytes), encoding);
    const reasons = [...rejected, ...options.onSpans(spans)];
    send(response, 200, encoding, exportResponse(encoding, reasons.length, [...new Set(reasons)].join("; ")));
  } catch (error) {
    if (error instanceof MalformedExport) return refuse(400, "invalidArgument", error.message);
    if (error instanceof RefusedBody) {
      const code = error.status === 413 ? "resourceExhausted" : "invalidArgument";
      return refuse(error.status, code, error.message);
    }
    if (request.complete) throw error;
    // The sender has gone in mid-request: nobody is left to answer.
    response.destroy();
  }
}

function decode(body: Uint8Array, encoding: OtlpEncoding): SpanBatch {
  return encoding === "protobuf" ? protobufSpans(body) : jsonSpans(new TextDecoder().decode(body));
}

function send(response: ServerResponse, status: number, encoding: OtlpEncoding, body: Uint8Array): void {
  response.writeHead(status, { "content-type": contentTypeOf(encoding), "content-length": body.length });
  response.end(body);
}

function endpointOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
