import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { renderArgoRollouts } from "./argo-rollouts.js";
import { renderEnvoy } from "./envoy.js";
import { renderGatewayApi } from "./gateway-api.js";
import { renderHaproxy } from "./haproxy.js";
import { renderIstio } from "./istio.js";
import { renderLitellm } from "./litellm.js";
import { renderNginx } from "./nginx.js";
import type { Rendered, RenderPlace } from "./rendered.js";
import { renderVllmProductionStack } from "./vllm-production-stack.js";

/** What agentctl renders configuration for. */
const renderers = {
  haproxy: renderHaproxy,
  nginx: renderNginx,
  "gateway-api": renderGatewayApi,
  "argo-rollouts": renderArgoRollouts,
  istio: renderIstio,
  litellm: renderLitellm,
  envoy: renderEnvoy,
  "vllm-production-stack": renderVllmProductionStack,
} satisfies { readonly [name: string]: (release: ReleaseConfig, place: RenderPlace) => Rendered };

export type RenderKind = keyof typeof renderers;

/** @throws {UsageError} when release.yaml has something that cannot stand in that configuration */
export function renderConfiguration(kind: RenderKind, release: ReleaseConfig, place: RenderPlace): Rendered {
  const render: (release: ReleaseConfig, place: RenderPlace) => Rendered = renderers[kind];
  return render(release, place);
}
