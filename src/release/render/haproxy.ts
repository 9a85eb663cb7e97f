import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { FALLBACK_SERVER } from "../routers/haproxy/show-stat.js";
import { mapFiles } from "../routers/haproxy/split-map.js";
import { END_OF_ANSWER_LUA, haproxyLogFormat } from "./haproxy-log.js";
import {
  eventFile,
  plainHeader,
  plainPath,
  type Rendered,
  type RenderPlace,
  type Server,
  serversOf,
} from "./rendered.js";

/** HAProxy 2.6 or newer, with Lua: buckets in two maps, a fallback for a dead canary, a line of JSON a request. */
export function renderHaproxy(release: ReleaseConfig, place: RenderPlace): Rendered {
  const settings = release.router.type === "haproxy" ? release.router : null;
  const socket = settings?.socket ?? `${place.out}/haproxy.sock`;
  const maps = plainPath(place.folder, settings?.map_folder ?? place.out);
  const lua = plainPath(place.out, "agentctl-answer-end.lua");
  const { stable, canary, traffic } = serversOf(release);
  const backends = {
    stable: settings?.stable_backend ?? "be_stable",
    canary: settings?.canary_backend ?? "be_canary",
  };
  const runtime = /^[^/]+:\d+$/.test(socket) ? `ipv4@${socket}` : plainPath(place.folder, socket);
  const started = mapFiles({ bps: 0, salt: "none", revision: "none" });
  const config = `# Rendered by \`agentctl canary render haproxy\`.
global
  master-worker
  stats socket ${runtime} mode 600 level admin expose-fd listeners
  stats timeout 30s
  # Ids of 4 KB, escaped, fit into a line.
  tune.bufsize 32768
  lua-load-per-thread ${lua}

defaults
  mode http
  timeout connect 5s
  timeout http-request 10s
  timeout client 10m
  timeout server 10m
  timeout tunnel 1h
  option dontlognull
  option forwardfor
  # A refused connection goes to another server at once; a request that was sent is never sent twice.
  option redispatch 1
  retries 2
  retry-on conn-failure

frontend agentctl
  bind ${traffic.isAddress ? traffic.address : `:${traffic.port}`}
  # No backend logs, and the frontend's own notices are less urgent than this: standard output has events alone.
  log stdout len 65535 format raw local0 emerg
  http-request set-log-level emerg
${splitRules(maps, plainHeader(release.key_header))}
  filter lua.agentctl-answer-end
${haproxyLogFormat(release, backends.canary)}
  use_backend ${backends.canary} if has_key in_canary
  default_backend ${backends.stable}

backend ${backends.stable}
${keyRule(release.stable.api_key)}  server stable ${server(stable)}

# \`first\`: the canary alone, unless it is down, drained or refuses the connection.
backend ${backends.canary}
  balance first
${keyRule(release.canary.api_key)}  server canary ${server(canary)}
  server ${FALLBACK_SERVER} ${server(stable)}
`;
  const events = eventFile(release, place, "haproxy");
  return {
    files: [
      { name: "haproxy.cfg", text: config },
      { name: "agentctl-answer-end.lua", text: END_OF_ANSWER_LUA },
      { name: "bps.map", text: started.bps, isState: true },
      { name: "salt.map", text: started.salt, isState: true },
    ],
    notes: [
      `run: haproxy -W -f haproxy.cfg >>${events}`,
      `release.yaml: router: {type: haproxy, socket: ${settings?.socket ?? `${place.out}/haproxy.sock`}, map_folder: ${maps}}`,
      ...(maps === place.out ? [] : [`put bps.map and salt.map into ${maps}, once: they hold the split`]),
      ...keyNotes(release),
    ],
  };
}

function splitRules(maps: string, header: string): string {
  // `fhdr`: the whole header, commas and all. Sent twice it names nobody.
  return `  http-request set-var(txn.key) req.fhdr(${header}) if { req.fhdr_cnt(${header}) eq 1 }
  acl has_key var(txn.key) -m len gt 0
  http-request set-var(txn.salt) str(salt),map_str(${maps}/salt.map,none)
  http-request set-var(txn.bps) str(bps),map_str_int(${maps}/bps.map,0)
  http-request set-var(txn.bucket) var(txn.salt),concat(:,txn.key),xxh32,mod(10000)
  http-request set-var(txn.diff) var(txn.bucket),sub(txn.bps)
  acl in_canary var(txn.diff) -m int lt 0`;
}

function server({ address, host, isTls, isAddress }: Server): string {
  const tls = ` ssl verify required ca-file /etc/ssl/certs/ca-certificates.crt${isAddress ? "" : ` sni str(${host}) check-sni ${host} verifyhost ${host}`}`;
  return `${address} check inter 500ms fall 2 rise 2${isTls ? tls : ""}`;
}

/** The key of an arm comes from the environment of HAProxy; one in a file has to be put there. */
function keyRule(reference: string | undefined): string {
  return reference?.startsWith("env:") === true
    ? `  http-request set-header authorization "Bearer \${${reference.slice(4)}}"\n`
    : "";
}

function keyNotes(release: ReleaseConfig): readonly string[] {
  const { stable, canary } = release;
  const isForeign = canary.api_key?.startsWith("env:") === true && canary.api_key !== stable.api_key;
  const inFiles = (["stable", "canary"] as const).filter((arm) => release[arm].api_key?.startsWith("file:"));
  return [
    ...inFiles.map(
      (arm) => `${arm}.api_key is in a file: HAProxy passes the client's authorization header on instead`,
    ),
    ...(isForeign
      ? ["what stable takes for a canary that is down carries canary.api_key: give both arms one key"]
      : []),
  ];
}
