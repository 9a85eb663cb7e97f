import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { FALLBACK_SERVER } from "../routers/haproxy/show-stat.js";

/**
 * Says whether an answer came to its end. HAProxy's variables know the status alone, which is 200 for a stream that was
 * cut. `http_payload` has to be there: without it HAProxy 2.6 miscounts what it forwards.
 */
export const END_OF_ANSWER_LUA = `-- Rendered by \`agentctl canary render haproxy\`.
local AnswerEnd = { id = "agentctl answer end", flags = filter.FLT_CFG_FL_HTX }
AnswerEnd.__index = AnswerEnd

function AnswerEnd:new()
  return setmetatable({}, AnswerEnd)
end

function AnswerEnd:start_analyze(txn, channel)
  if channel:is_resp() then filter.register_data_filter(self, channel) end
end

function AnswerEnd:http_payload(txn, message)
end

function AnswerEnd:http_end(txn, message)
  if not message:is_resp() or txn:get_var("txn.failure") ~= '"cut"' then return end
  txn:set_var("txn.ok", "true")
  txn:set_var("txn.failure", "null")
end

function AnswerEnd:end_analyze(txn, channel)
  -- The server may still send: it was the client that went.
  if txn:get_var("txn.failure") ~= '"cut"' or not txn.res:may_recv() then return end
  txn:set_var("txn.ok", "true")
  txn:set_var("txn.failure", '"client_gone"')
end

-- HAProxy's own \`json\` drops characters of four bytes.
core.register_converters("agentctl_json", function(text)
  return (text:gsub('["\\\\]', "\\\\%0"):gsub("%c", function(char) return string.format("\\\\u%04x", char:byte()) end))
end)

core.register_filter("agentctl-answer-end", AnswerEnd, function(class) return class end)
`;

/** What a request is until something else is known, and the line of JSON that it leaves: a \`request_served\`. */
export function haproxyLogFormat(release: ReleaseConfig, canaryBackend: string): string {
  return `${requestFacts(release)}
${answerFacts(canaryBackend)}
  log-format '${logLine(release)}'`;
}

function requestFacts(release: ReleaseConfig): string {
  const conversation = release.key === "conversation" ? release.key_header : "x-conversation-id";
  return `  http-request set-var-fmt(txn.keyjson) '"%[var(txn.key),lua.agentctl_json]"' if has_key
  http-request set-var(txn.keyjson) str(null) if !has_key
  acl has_trace req.hdr(traceparent) -m reg ^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$
  http-request set-var(txn.trace) req.hdr(traceparent),field(2,-) if has_trace
  http-request set-var(txn.trace) uuid(),regsub(-,,g) if !has_trace
  acl has_conversation req.fhdr_cnt(${conversation}) eq 1
  acl has_conversation_text req.fhdr(${conversation}) -m len gt 0
  http-request set-var(txn.conversation) req.fhdr(${conversation}),lua.agentctl_json if has_conversation has_conversation_text
  http-request set-var(txn.conversation) var(txn.trace) if !has_conversation or !has_conversation_text
  http-request set-var(txn.tenant) str(default)
  http-request set-var(txn.tenant) ${release.key === "tenant" ? "var(txn.key)" : "req.fhdr(x-tenant-id)"},lua.agentctl_json if ${release.key === "tenant" ? "has_key" : "{ req.fhdr(x-tenant-id) -m len gt 0 }"}
  http-request set-var(txn.arm) str(stable)
  http-request set-var(txn.arm) str(canary) if has_key in_canary
  http-request set-var(txn.route) str(no-id)
  http-request set-var(txn.route) str(bucket) if has_key
  http-request set-var(txn.status) int(0)
  http-request set-var(txn.ok) str(true)
  http-request set-var(txn.failure) ${word("client_gone")}
  http-request set-var(txn.streamed) str(false)`;
}

/** A JSON string as a value: the line and the arguments of a function each take one level of quotes away. */
function word(text: string): string {
  return `str(\\'\\"${text}\\"\\')`;
}

function answerFacts(canaryBackend: string): string {
  return `  http-response set-var(txn.answered) int(1)
  http-response set-var(txn.streamed) str(true) if { res.hdr(content-type) -m beg -i text/event-stream }
  acl is_answered var(txn.answered) -m found
  acl is_fallback srv_name ${FALLBACK_SERVER}
  http-after-response set-var(txn.status) status
  http-after-response set-var(txn.arm) str(stable) if { be_name ${canaryBackend} } is_fallback
  http-after-response set-var(txn.route) str(fallback) if { be_name ${canaryBackend} } is_fallback
  http-after-response set-var(txn.failure) str(null)
  http-after-response set-var(txn.failure) ${word("cut")} if is_answered { status lt 500 }
  http-after-response set-var(txn.ok) str(false) if is_answered { status lt 500 }
  http-after-response set-var(txn.ok) str(false) if { status ge 500 }
  http-after-response set-var(txn.failure) ${word("server_error")} if { status ge 500 }
  http-after-response set-var(txn.failure) ${word("timeout")} if !is_answered { status 504 }
  http-after-response set-var(txn.failure) ${word("refused")} if !is_answered { status 503 }
  http-after-response set-var(txn.failure) ${word("cut")} if !is_answered { status 502 }
  http-after-response set-header x-agentctl-arm %[var(txn.arm)]`;
}

function logLine(release: ReleaseConfig): string {
  const time =
    "%[date(0,ms),set-var(txn.now),div(1000),utime(%Y-%m-%dT%H:%M:%S)].%[var(txn.now),mod(1000),add(1000),concat(),bytes(1,3)]Z";
  const payload = [
    `"service":"${release.service}"`,
    '"arm":"%[var(txn.arm)]"',
    '"release":null',
    '"bps":%[var(txn.bps)]',
    '"route":"%[var(txn.route)]"',
    '"key":%[var(txn.keyjson)]',
    '"model":null',
    '"status":%[var(txn.status)]',
    '"ok":%[var(txn.ok)]',
    '"failure":%[var(txn.failure)]',
    '"streamed":%[var(txn.streamed)]',
    // Besides the figure: without a time of the end, HAProxy writes the line at the beginning of the answer.
    '"latencyMs":%Ta',
    '"firstTokenMs":null,"usage":null,"costUsd":null,"finishReason":null',
  ].join(",");
  return `{"event_id":"%[uuid()]","event_type":"request_served","timestamp":"${time}","conversation_id":"%[var(txn.conversation)]","tenant_id":"%[var(txn.tenant)]","trace_id":"%[var(txn.trace)]","payload":{${payload}}}`;
}
