import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { manifests, servicesOf } from "./kubernetes.js";
import type { Rendered } from "./rendered.js";

/** Whole percent, since Argo Rollouts takes no less unless `maxTrafficWeight` is set, which few traffic routers do. */
const STEPS = [1, 5, 25, 50];

/** A Rollout that stops after each step until it is promoted, with the HTTPRoute plugin as its traffic router. */
export function renderArgoRollouts(release: ReleaseConfig): Rendered {
  const { stable, canary } = servicesOf(release);
  const rollout = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: release.service, namespace: stable.namespace },
    spec: {
      workloadRef: { apiVersion: "apps/v1", kind: "Deployment", name: release.service },
      strategy: {
        canary: {
          stableService: stable.name,
          canaryService: canary.name,
          // Stable keeps its size while the canary grows, so that a rollback meets no cold server.
          dynamicStableScale: false,
          abortScaleDownDelaySeconds: 0,
          trafficRouting: {
            plugins: {
              "argoproj-labs/gatewayAPI": { httpRoute: release.service, namespace: stable.namespace },
            },
          },
          steps: STEPS.flatMap((weight) => [{ setWeight: weight }, { pause: {} }]),
        },
      },
    },
  };
  return {
    files: [{ name: "rollout.yaml", text: manifests("argo-rollouts", [rollout]) }],
    notes: [
      "needs an HTTPRoute of both Services: agentctl canary render gateway-api",
      `Argo Rollouts moves the weights: after each verdict of agentctl, run kubectl argo rollouts promote ${release.service}, or abort`,
      "set spec.replicas to the size of the Deployment: left out, it is 1",
      "do not let agentctl move the same route (router: gateway-api): each would undo the other",
      "weights are drawn for every request: a conversation does not stay in its arm",
      "never run by us: checked for its fields alone",
    ],
  };
}
