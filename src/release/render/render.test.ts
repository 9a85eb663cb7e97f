import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { parseReleaseFile } from "../../config/release/parse-release-file.js";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { UsageError } from "../../core/errors.js";
import { readRoute } from "../routers/gateway-api/http-route.js";
import { type RenderKind, renderConfiguration } from "./registry.js";

const place = { folder: "/srv/support", out: "/srv/support/out" };

function releaseOf(changes: object = {}): ReleaseConfig {
  const text = JSON.stringify({
    version: 1,
    service: "support",
    traffic: "http://agents.example.com:8080",
    stable: { url: "http://agent-stable.llm.svc:8000", model: "llama-8b" },
    canary: { url: "https://agent-canary.llm.svc", model: "llama-8b-v2", api_key: "env:CANARY_KEY" },
    router: { type: "haproxy", socket: "haproxy.sock", map_folder: "out" },
    ...changes,
  });
  return parseReleaseFile(text, "release.yaml");
}

function textOf(kind: RenderKind, release = releaseOf()): string {
  return renderConfiguration(kind, release, place)
    .files.map(({ name, text }) => `==> ${name} <==\n${text}`)
    .join("\n");
}

describe("rendered configuration", () => {
  it.each<RenderKind>([
    "haproxy",
    "nginx",
    "gateway-api",
    "argo-rollouts",
    "istio",
    "litellm",
    "envoy",
    "vllm-production-stack",
  ])("is what it was: %s", async (kind) => {
    await expect(textOf(kind)).toMatchFileSnapshot(join(import.meta.dirname, "__golden__", `${kind}.txt`));
  });

  it("sends nothing to the canary at first, anywhere", () => {
    const [route] = parseAllDocuments(
      renderConfiguration("gateway-api", releaseOf(), place).files[0]?.text ?? "",
    );
    const stored = { ...route?.toJS(), metadata: { uid: "u", resourceVersion: "1", generation: 1 } };
    const services = { stable_service: "agent-stable", canary_service: "agent-canary" };
    const config = {
      type: "gateway-api" as const,
      route: "support",
      namespace: "llm",
      rule: 0,
      kubectl: ["kubectl"],
    };
    expect(readRoute(JSON.stringify(stored), { ...config, ...services }).bps).toBe(0);
    const istio = parse(renderConfiguration("istio", releaseOf(), place).files[0]?.text ?? "");
    expect(istio.spec.http[1].route.map(({ weight }: { weight: number }) => weight)).toEqual([100, 0]);
    const litellm = parse(renderConfiguration("litellm", releaseOf(), place).files[0]?.text ?? "");
    expect(litellm.model_list[1].litellm_params.weight).toBe(0);
  });

  it("takes no certificate of another host, and asks for that of the arm", () => {
    const tls = {
      stable: { url: "https://stable.example.com" },
      canary: { url: "https://canary.example.com" },
    };
    const nginx = textOf("nginx", releaseOf(tls));
    expect(nginx).toMatch(/canary "canary\.example\.com";\s+default "stable\.example\.com";/);
    expect(nginx).toContain("proxy_ssl_name $agentctl_tls_name;");
    expect(nginx).toContain("proxy_ssl_verify on;");
    const envoy = parse(renderConfiguration("envoy", releaseOf(tls), place).files[0]?.text ?? "");
    const context = ({ transport_socket }: { transport_socket: { typed_config: object } }) =>
      transport_socket.typed_config;
    expect(envoy.static_resources.clusters.map(context)).toMatchObject(
      ["stable", "canary"].map((arm) => ({
        sni: `${arm}.example.com`,
        common_tls_context: {
          validation_context: {
            match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: `${arm}.example.com` } }],
          },
        },
      })),
    );
    expect(textOf("haproxy", releaseOf(tls))).toContain(
      "sni str(canary.example.com) check-sni canary.example.com verifyhost canary.example.com",
    );
  });

  it("says that nginx cannot check the certificate of an address, and has no fallback of another scheme", () => {
    const mixed = { stable: { url: "http://10.0.0.1:8000" }, canary: { url: "https://10.0.0.2" } };
    const { files, notes } = renderConfiguration("nginx", releaseOf(mixed), place);
    expect(files[0]?.text).not.toContain(" backup;");
    expect(files[0]?.text).toContain("proxy_ssl_verify off;");
    expect(notes.join("\n")).toContain("cannot check the certificate of an address");
  });

  it("gives the chart of the vLLM production stack all that it demands", () => {
    const values = parse(
      renderConfiguration("vllm-production-stack", releaseOf(), place).files[0]?.text ?? "",
    );
    const demanded = ["name", "repository", "tag", "modelURL", "replicaCount", "requestCPU", "requestMemory"];
    expect(Object.keys(values.servingEngineSpec.modelSpec[0])).toEqual(expect.arrayContaining(demanded));
  });

  it.each<[string, RenderKind, object, RegExp]>([
    [
      "an arm below a path",
      "nginx",
      { stable: { url: "http://10.0.0.1:8000/base" } },
      /scheme, host and port alone/,
    ],
    [
      "an address where a Service is wanted",
      "istio",
      { stable: { url: "http://10.0.0.1:8000" } },
      /name of a Service/,
    ],
    ["a header that is none", "envoy", { key_header: "x-id: 1\r\nevil" }, /letters, digits/],
    ["a path that would need quotes", "haproxy", { events: ["my events"] }, /expected a path/],
  ])("refuses %s", (_name, kind, changes, message) => {
    const render = () => renderConfiguration(kind, releaseOf(changes), place);
    expect(render).toThrow(UsageError);
    expect(render).toThrow(message);
  });
});
