import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { ALL_BPS } from "../../core/traffic-split.js";
import { manifests, servicesOf } from "./kubernetes.js";
import type { Rendered } from "./rendered.js";

/** An HTTPRoute with both Services, stable alone at first. */
export function renderGatewayApi(release: ReleaseConfig): Rendered {
  const settings = release.router.type === "gateway-api" ? release.router : null;
  const { stable, canary } = servicesOf(release);
  const namespace = settings?.namespace ?? stable.namespace;
  const names = {
    stable: settings?.stable_service ?? stable.name,
    canary: settings?.canary_service ?? canary.name,
  };
  const route = settings?.route ?? release.service;
  const httpRoute = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: route, namespace },
    spec: {
      parentRefs: [{ name: "GATEWAY" }],
      rules: [
        {
          backendRefs: [
            { name: names.stable, port: stable.port, weight: ALL_BPS },
            { name: names.canary, port: canary.port, weight: 0 },
          ],
        },
      ],
    },
  };
  const role = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { name: `${route}-agentctl`, namespace },
    rules: [
      {
        apiGroups: ["gateway.networking.k8s.io"],
        resources: ["httproutes"],
        resourceNames: [route],
        verbs: ["get", "patch"],
      },
    ],
  };
  return {
    files: [{ name: "httproute.yaml", text: manifests("gateway-api", [httpRoute, role]) }],
    notes: [
      "replace GATEWAY by the name of your Gateway; run: kubectl apply -f httproute.yaml, once: it resets the weights",
      `release.yaml: router: {type: gateway-api, route: ${route}, namespace: ${namespace}, stable_service: ${names.stable}, canary_service: ${names.canary}}`,
      "weights are drawn for every request: a conversation does not stay in its arm",
    ],
  };
}
