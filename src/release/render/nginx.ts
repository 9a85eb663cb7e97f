import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { headerVariable, splitFile } from "../routers/nginx/split-file.js";
import { nginxLog } from "./nginx-log.js";
import {
  eventFile,
  plainHeader,
  plainPath,
  type Rendered,
  type RenderPlace,
  type Server,
  serverOf,
  serversOf,
} from "./rendered.js";

/** nginx 1.22 or newer: `split_clients` in a file of its own, a fallback for a dead canary, a line of JSON a request. */
export function renderNginx(release: ReleaseConfig, place: RenderPlace): Rendered {
  const settings = release.router.type === "nginx" ? release.router : null;
  const out = plainPath(place.out, ".");
  const split = plainPath(place.folder, settings?.split_file ?? `${out}/agentctl-split.conf`);
  const names = {
    keyHeader: plainHeader(settings?.key_header ?? release.key_header),
    armVariable: settings?.arm_variable ?? "agentctl_arm",
  };
  const { stable, canary, traffic } = serversOf(release);
  const status = new URL(settings?.status ?? "http://127.0.0.1:8404/agentctl-split");
  const asked = serverOf("router.status", status.origin);
  const hasFallback = stable.isAddress && canary.isAddress && stable.isTls === canary.isTls;
  const config = `# Rendered by \`agentctl canary render nginx\`.
worker_processes auto;
pid ${out}/nginx.pid;
error_log ${out}/nginx-error.log;
# Times of live events are in UTC.
env TZ=UTC;
events {
  worker_connections 4096;
}
http {
${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `  ${kind}_temp_path ${out}/nginx-temp/${kind};`).join("\n")}
  include ${split};
${nginxLog(release, {
  armVariable: names.armVariable,
  keyVariable: headerVariable(names.keyHeader),
  fallbackAddress: hasFallback ? stable.address : null,
  file: eventFile(release, place, "nginx"),
})}
  upstream agentctl_stable {
    server ${stable.address};
    keepalive 32;
  }
  upstream agentctl_canary {
    server ${canary.address} max_fails=3 fail_timeout=2s;
${hasFallback ? `    server ${stable.address} backup;\n` : "    # No fallback: it takes addresses, by which the log tells servers apart, and one scheme for both arms.\n"}    keepalive 32;
  }
  map $${names.armVariable} $agentctl_upstream {
    canary ${upstream(canary, "canary")};
    default ${upstream(stable, "stable")};
  }
${tlsNames(names.armVariable, stable, canary)}  server {
    listen ${traffic.isAddress ? traffic.address : traffic.port};
    client_max_body_size 32m;
    # Streams pass through as they come.
    proxy_buffering off;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_connect_timeout 5s;
    proxy_read_timeout 600s;
    # A request that was sent is never sent twice, unless its method allows that.
    proxy_next_upstream error;
${tlsRules(stable, canary)}    add_header x-agentctl-arm $agentctl_served always;
    location / {
      proxy_pass $agentctl_upstream;
    }
  }
  server {
    listen ${asked.address};
    access_log off;
    keepalive_timeout 0;
    location = ${status.pathname} {
      default_type application/json;
      return 200 '{"bps":$agentctl_bps,"salt":"$agentctl_salt","revision":"$agentctl_revision"}';
    }
  }
}
`;
  return {
    files: [
      { name: "nginx.conf", text: config },
      {
        name: "agentctl-split.conf",
        text: splitFile({ bps: 0, salt: "none", revision: "none" }, names),
        isState: true,
      },
      { name: "nginx-temp/README", text: "nginx keeps large requests here while they pass.\n" },
    ],
    notes: [
      `run: nginx -c ${out}/nginx.conf`,
      `release.yaml: router: {type: nginx, split_file: ${split}, test: [nginx, -t, -c, ${out}/nginx.conf], reload: [nginx, -s, reload, -c, ${out}/nginx.conf], status: "${status.href}"}`,
      ...(split === `${out}/agentctl-split.conf`
        ? []
        : [`put agentctl-split.conf to ${split}, once: it holds the split`]),
      "nginx takes a stream that its server cut for complete: watch cut streams elsewhere, or use HAProxy or the gateway",
      ...(isUnchecked(stable, canary)
        ? ["nginx cannot check the certificate of an address, and so checks none: give the arms host names"]
        : []),
      ...(release.stable.api_key === undefined && release.canary.api_key === undefined
        ? []
        : ["nginx reads no environment: it passes the client's authorization header on, not api_key"]),
    ],
  };
}

function upstream({ isTls }: Server, arm: "stable" | "canary"): string {
  return `${isTls ? "https" : "http"}://agentctl_${arm}`;
}

/** nginx would ask for, and check, the name of its own `upstream` block. */
function tlsNames(armVariable: string, stable: Server, canary: Server): string {
  if (!stable.isTls && !canary.isTls) return "";
  return `  map $${armVariable} $agentctl_tls_name {
    canary "${canary.host}";
    default "${stable.host}";
  }
`;
}

function tlsRules(stable: Server, canary: Server): string {
  if (!stable.isTls && !canary.isTls) return "";
  const check = isUnchecked(stable, canary)
    ? "    proxy_ssl_verify off;\n"
    : "    proxy_ssl_verify on;\n    proxy_ssl_verify_depth 4;\n    proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;\n";
  return `    proxy_ssl_server_name on;\n    proxy_ssl_name $agentctl_tls_name;\n${check}`;
}

function isUnchecked(...arms: readonly Server[]): boolean {
  return arms.some(({ isTls, isAddress }) => isTls && isAddress);
}
