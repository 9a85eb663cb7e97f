import { stringify } from "yaml";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { plainHeader, type Rendered } from "./rendered.js";

/** Values of two Helm releases, one an arm: the router of the stack has no weights, so the split stands before them. */
export function renderVllmProductionStack(release: ReleaseConfig): Rendered {
  const values = (arm: "stable" | "canary") => ({
    servingEngineSpec: {
      modelSpec: [
        {
          name: `${release.service}-${arm}`.replaceAll(/[._]/g, "-"),
          // The chart refuses an image or a size that is left out.
          repository: "vllm/vllm-openai",
          tag: "TAG",
          modelURL: release[arm].model ?? "MODEL",
          replicaCount: 1,
          requestCPU: 6,
          requestMemory: "16Gi",
          requestGPU: 1,
        },
      ],
    },
    routerSpec: {
      // Within an arm a conversation stays with the server that has its prefix cache.
      routingLogic: "session",
      sessionKey: plainHeader(release.key_header),
    },
  });
  return {
    files: (["stable", "canary"] as const).map((arm) => ({
      name: `values-${arm}.yaml`,
      text: `# Rendered by \`agentctl canary render vllm-production-stack\`.\n${stringify(values(arm), { lineWidth: 0 })}`,
    })),
    notes: [
      "replace TAG by the version of vLLM that is served, and set modelURL, CPU, memory and GPUs to what it needs",
      `run: helm install ${release.service}-stable vllm/vllm-stack -f values-stable.yaml; the same for canary`,
      `put a split before the two Services ${release.service}-stable-router-service and ${release.service}-canary-router-service: agentctl gateway, haproxy, nginx or gateway-api`,
      "never run by us: checked for its fields alone",
    ],
  };
}
