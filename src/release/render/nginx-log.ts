import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { headerVariable } from "../routers/nginx/split-file.js";

export interface NginxLogPlace {
  readonly armVariable: string;
  /** With `$`. */
  readonly keyVariable: string;
  /** Address of the stable server where it takes what the canary cannot; `null`: it does not. */
  readonly fallbackAddress: string | null;
  readonly file: string;
}

/**
 * Maps and log formats that leave a \`request_served\` a request. A format cannot choose between a text and null, so there
 * is one for each case, and each line of the log goes by one of them.
 */
export function nginxLog(release: ReleaseConfig, place: NginxLogPlace): string {
  const cases = [
    { name: "agentctl_key_failed", key: true, failed: true },
    { name: "agentctl_key_fine", key: true, failed: false },
    { name: "agentctl_no_key_failed", key: false, failed: true },
    { name: "agentctl_no_key_fine", key: false, failed: false },
  ];
  const keyMark = `$agentctl_has_key:$agentctl_failure`;
  const rows = cases.map(({ name, key, failed }) => ({
    name,
    pattern: `"~^${key ? "1" : "0"}:${failed ? "." : "$"}" 1;`,
    line: logLine(release, place, key, failed),
  }));
  return `${maps(release, place)}
${rows
  .map(
    ({ name, pattern, line }) => `  map "${keyMark}" $is_${name} {
    ${pattern}
    default 0;
  }
  log_format ${name} escape=json '${line}';
  access_log ${place.file} ${name} if=$is_${name};`,
  )
  .join("\n")}`;
}

function maps(release: ReleaseConfig, { armVariable, keyVariable, fallbackAddress }: NginxLogPlace): string {
  const arm = `$${armVariable}`;
  const conversation = release.key === "conversation" ? keyVariable : headerVariable("x-conversation-id");
  const tenant = release.key === "tenant" ? keyVariable : headerVariable("x-tenant-id");
  const fallback =
    fallbackAddress === null
      ? ""
      : `    "~^canary\\|(?:.*[, ])?${fallbackAddress.replace(/[.[\]]/g, "\\$&")}$" "stable fallback";\n`;
  return `  map $msec $agentctl_milliseconds { "~\\.(?<agentctl_ms>\\d+)$" $agentctl_ms; default 000; }
  map $time_iso8601 $agentctl_seconds { "~^(?<agentctl_s>[0-9T:-]{19})" $agentctl_s; }
  map $http_traceparent $agentctl_trace {
    "~^[0-9a-f]{2}-(?<agentctl_t>[0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$" $agentctl_t;
    default $request_id;
  }
  map ${conversation} $agentctl_conversation { "" $agentctl_trace; default ${conversation}; }
  map ${tenant} $agentctl_tenant { "" default; default ${tenant}; }
  map ${keyVariable} $agentctl_has_key { "" 0; default 1; }
  map "${arm}|$upstream_addr" $agentctl_went {
${fallback}    "~^(?<agentctl_wanted>[a-z]+)\\|" $agentctl_wanted;
  }
  map $agentctl_went $agentctl_served { "stable fallback" stable; default $agentctl_went; }
  map "$agentctl_went:$agentctl_has_key" $agentctl_route {
    "~^stable fallback" fallback;
    "~:1$" bucket;
    default no-id;
  }
  map $status $agentctl_status { 499 0; 000 0; default $status; }
  # An answer that had said how long it is, and was shorter.
  map "$request_method:$upstream_http_content_length:$upstream_response_length" $agentctl_is_short {
    "~^HEAD:" 0;
    "~^[A-Z]+::" 0;
    "~:(?<agentctl_length>\\d+):(?:.*[ ,])?\\k<agentctl_length>$" 0;
    "~:\\d+:\\d+$" 1;
    default 0;
  }
  map "$status:$upstream_status:$request_completion:$agentctl_is_short" $agentctl_failure {
    "~^(499|000):" client_gone;
    "~^504:504" timeout;
    "~^502:.*502:" refused;
    "~^5" server_error;
    "~^[^:]+:[^:]*::" client_gone;
    "~:1$" cut;
    default "";
  }
  map $agentctl_failure $agentctl_ok { "" true; client_gone true; default false; }
  map $upstream_http_content_type $agentctl_streamed { "~*^text/event-stream" true; default false; }`;
}

function logLine(
  release: ReleaseConfig,
  { keyVariable }: NginxLogPlace,
  hasKey: boolean,
  failed: boolean,
): string {
  const payload = [
    `"service":"${release.service}"`,
    '"arm":"$agentctl_served"',
    '"release":null',
    '"bps":$agentctl_bps',
    '"route":"$agentctl_route"',
    `"key":${hasKey ? `"${keyVariable}"` : "null"}`,
    '"model":null',
    '"status":$agentctl_status',
    '"ok":$agentctl_ok',
    `"failure":${failed ? '"$agentctl_failure"' : "null"}`,
    '"streamed":$agentctl_streamed',
    // Seconds with three decimals, made milliseconds.
    `"latencyMs":\${request_time}e3`,
    '"firstTokenMs":null,"usage":null,"costUsd":null,"finishReason":null',
  ].join(",");
  const time = `\${agentctl_seconds}.\${agentctl_milliseconds}Z`;
  return `{"event_id":"$request_id","event_type":"request_served","timestamp":"${time}","conversation_id":"$agentctl_conversation","tenant_id":"$agentctl_tenant","trace_id":"$agentctl_trace","payload":{${payload}}}`;
}
