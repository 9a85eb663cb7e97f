import { stringify } from "yaml";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import type { Rendered } from "./rendered.js";

/** Two deployments of one model name, drawn by weight. */
export function renderLitellm(release: ReleaseConfig): Rendered {
  const name = release.stable.model ?? release.service;
  const deployment = (arm: "stable" | "canary", weight: number) => {
    const { url, model, api_key } = release[arm];
    return {
      model_name: name,
      litellm_params: {
        model: `openai/${model ?? name}`,
        api_base: `${url}/v1`,
        api_key: api_key?.startsWith("env:") === true ? `os.environ/${api_key.slice(4)}` : "none",
        weight,
      },
      model_info: { id: `${release.service}-${arm}` },
    };
  };
  const config = {
    model_list: [deployment("stable", 10_000), deployment("canary", 0)],
    router_settings: {
      routing_strategy: "simple-shuffle",
      // A request that failed in one arm would be answered by the other, and its failure hidden.
      num_retries: 0,
      // An arm that fails would be left out for a while, and the other one would get everything, whatever its weight.
      disable_cooldowns: true,
    },
  };
  return {
    files: [
      {
        name: "litellm.yaml",
        text: `# Rendered by \`agentctl canary render litellm\`.\n${stringify(config, { lineWidth: 0 })}`,
      },
    ],
    notes: [
      "run: litellm --config litellm.yaml; every change of a weight is a restart",
      `which arm answered is in the response header x-litellm-model-id: ${release.service}-stable or ${release.service}-canary`,
      "weights are drawn for every request: a conversation does not stay in its arm",
      "never run by us: checked for its fields alone",
    ],
  };
}
