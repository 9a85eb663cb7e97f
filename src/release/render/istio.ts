import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { manifests, servicesOf } from "./kubernetes.js";
import type { Rendered } from "./rendered.js";

/** A VirtualService with both Services, stable alone at first, and a header with which testers reach the canary. */
export function renderIstio(release: ReleaseConfig): Rendered {
  const { stable, canary } = servicesOf(release);
  const to = ({ name, namespace, port }: typeof stable) => ({
    destination: { host: `${name}.${namespace}.svc.cluster.local`, port: { number: port } },
  });
  const virtualService = {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: release.service, namespace: stable.namespace },
    spec: {
      hosts: [new URL(release.traffic).hostname],
      http: [
        {
          name: "testers",
          match: [{ headers: { "x-agentctl-arm": { exact: "canary" } } }],
          route: [to(canary)],
        },
        {
          name: "split",
          route: [
            { ...to(stable), weight: 100 },
            { ...to(canary), weight: 0 },
          ],
          // A request that was sent is not sent twice.
          retries: { attempts: 1, retryOn: "connect-failure,refused-stream" },
        },
      ],
    },
  };
  return {
    files: [{ name: "virtual-service.yaml", text: manifests("istio", [virtualService]) }],
    notes: [
      "weights are whole percent: 1 % is the smallest share",
      `release.yaml: router: {type: exec, get: [...], set: [...]}, with commands that read and patch route 1 of VirtualService ${release.service}; see docs/canary-routers.md`,
      "weights are drawn for every request: a conversation does not stay in its arm, and consistentHash only chooses among servers of one arm",
      "never run by us: checked for its fields alone",
    ],
  };
}
