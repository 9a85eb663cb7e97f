import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** Encoding of a request, and so of what answers it. */
export type OtlpEncoding = "json" | "protobuf";

const PROTOBUF_TYPE = "application/x-protobuf";

/** The encoding that a content type names; `null` for none that is read. */
export function encodingOf(contentType: string | undefined): OtlpEncoding | null {
  const type = (contentType ?? "").split(";")[0]?.trim().toLowerCase();
  if (type === "application/json") return "json";
  return type === PROTOBUF_TYPE ? "protobuf" : null;
}

export function contentTypeOf(encoding: OtlpEncoding): string {
  return encoding === "json" ? "application/json" : PROTOBUF_TYPE;
}

/**
 * An `ExportTraceServiceResponse`: empty when every span was taken, else with the number of those that were not.
 *
 * @param message - why, in one sentence; empty when nothing was rejected
 */
export function exportResponse(encoding: OtlpEncoding, rejectedSpans: number, message: string): Uint8Array {
  if (encoding === "json") {
    // 64-bit integers are text in the JSON form of protobuf.
    const partialSuccess = { rejectedSpans: String(rejectedSpans), errorMessage: message };
    return Buffer.from(JSON.stringify(rejectedSpans === 0 ? {} : { partialSuccess }));
  }
  const writer = new BinaryWriter();
  if (rejectedSpans === 0) return writer.finish();
  writer.tag(1, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.Varint).int64(rejectedSpans);
  writer.tag(2, WireType.LengthDelimited).string(message);
  return writer.join().finish();
}

/** A `google.rpc.Status`, the body of a response that refuses an export. */
export function statusResponse(encoding: OtlpEncoding, code: RpcCode, message: string): Uint8Array {
  if (encoding === "json") return Buffer.from(JSON.stringify({ code: RPC_CODES[code], message }));
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int32(RPC_CODES[code]);
  writer.tag(2, WireType.LengthDelimited).string(message);
  return writer.finish();
}

const RPC_CODES = { invalidArgument: 3, notFound: 5, resourceExhausted: 8, unimplemented: 12 } as const;

export type RpcCode = keyof typeof RPC_CODES;
