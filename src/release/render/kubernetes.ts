import { stringify } from "yaml";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { UsageError } from "../../core/errors.js";
import { serverOf } from "./rendered.js";

/** A Service that an arm's URL names. */
export interface KubernetesService {
  readonly name: string;
  readonly namespace: string;
  readonly port: number;
}

/** @throws {UsageError} when an arm's URL names no Service */
export function servicesOf(release: ReleaseConfig) {
  return {
    stable: serviceOf("stable.url", release.stable.url),
    canary: serviceOf("canary.url", release.canary.url),
  };
}

function serviceOf(place: string, url: string): KubernetesService {
  const { host, port, isAddress } = serverOf(place, url);
  const [name = "", namespace = "default"] = host.split(".");
  if (isAddress || !/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
    throw new UsageError(`release.yaml: ${place} expected the name of a Service, found ${host}`, {
      nextStep: "write a URL such as http://agent-stable.default.svc:8000",
    });
  }
  return { name, namespace, port };
}

/** YAML of several objects in one file, with a comment of who made it. */
export function manifests(kind: string, objects: readonly object[]): string {
  const note = `# Rendered by \`agentctl canary render ${kind}\`.\n`;
  return note + objects.map((object) => stringify(object, { lineWidth: 0 })).join("---\n");
}
