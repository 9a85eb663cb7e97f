import { stringify } from "yaml";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { ALL_BPS } from "../../core/traffic-split.js";
import { plainHeader, type Rendered, type Server, serversOf } from "./rendered.js";

/** Static configuration: weighted clusters in basis points, moved at run time by the admin port. */
export function renderEnvoy(release: ReleaseConfig): Rendered {
  const { stable, canary, traffic } = serversOf(release);
  const weights = (share: number) => [
    { name: "stable", weight: ALL_BPS - share },
    { name: "canary", weight: share },
  ];
  const withId = {
    match: { prefix: "/", headers: [{ name: plainHeader(release.key_header), present_match: true }] },
    route: {
      timeout: "0s",
      weighted_clusters: { runtime_key_prefix: "agentctl.split", clusters: weights(0) },
    },
  };
  const manager = {
    name: "envoy.filters.network.http_connection_manager",
    typed_config: {
      "@type":
        "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
      stat_prefix: release.service,
      route_config: {
        name: release.service,
        virtual_hosts: [
          {
            name: release.service,
            domains: ["*"],
            routes: [withId, { match: { prefix: "/" }, route: { timeout: "0s", cluster: "stable" } }],
          },
        ],
      },
      http_filters: [
        {
          name: "envoy.filters.http.router",
          typed_config: { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" },
        },
      ],
    },
  };
  const config = {
    admin: { address: socket("127.0.0.1", 9901) },
    layered_runtime: { layers: [{ name: "admin", admin_layer: {} }] },
    static_resources: {
      listeners: [
        {
          name: "traffic",
          address: socket(traffic.isAddress ? traffic.host : "0.0.0.0", traffic.port),
          filter_chains: [{ filters: [manager] }],
        },
      ],
      clusters: [cluster("stable", stable), cluster("canary", canary)],
    },
  };
  return {
    files: [
      {
        name: "envoy.yaml",
        text: `# Rendered by \`agentctl canary render envoy\`.\n${stringify(config, { lineWidth: 0 })}`,
      },
    ],
    notes: [
      "set 1 %: curl -X POST 'http://127.0.0.1:9901/runtime_modify?agentctl.split.stable=9900&agentctl.split.canary=100'; both keys in one request, and gone after a restart",
      "weights are drawn for every request: a conversation does not stay in its arm; what names no id goes to stable",
      "never run by us: checked for its fields alone",
    ],
  };
}

function socket(address: string, port: number): object {
  return { socket_address: { address, port_value: port } };
}

function cluster(name: string, { host, port, isTls, isAddress }: Server): object {
  const tls = {
    name: "envoy.transport_sockets.tls",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
      ...(isAddress ? {} : { sni: host }),
      common_tls_context: {
        validation_context: {
          trusted_ca: { filename: "/etc/ssl/certs/ca-certificates.crt" },
          // Without it Envoy takes the certificate of any host.
          match_typed_subject_alt_names: [
            { san_type: isAddress ? "IP_ADDRESS" : "DNS", matcher: { exact: host } },
          ],
        },
      },
    },
  };
  return {
    name,
    type: isAddress ? "STATIC" : "STRICT_DNS",
    connect_timeout: "5s",
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socket(host, port) } }] }],
    },
    ...(isTls ? { transport_socket: tls } : {}),
  };
}
