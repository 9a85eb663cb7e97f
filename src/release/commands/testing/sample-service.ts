import { type ReleaseConfig, releaseSchema } from "../../../config/release/release-schema.js";
import type { OpenService } from "../open-service.js";

/** The service of `samplePlan`, with the router of that plan. */
export function sampleService<Journal extends Partial<OpenService["journal"]>>(
  journal: Journal,
  change: { readonly router?: object; readonly stable?: object } = {},
  folder = "/srv",
): {
  readonly config: ReleaseConfig;
  readonly file: string;
  readonly folder: string;
  readonly journal: Journal;
} {
  const config = releaseSchema.parse({
    version: 1,
    service: "support",
    traffic: "http://127.0.0.1:3",
    stable: { url: "http://127.0.0.1:1" },
    canary: { url: "http://127.0.0.1:2" },
    router: { type: "gateway", control: "unix:/run/gateway.sock", token: "env:TOKEN" },
    ...change,
  });
  return { config, file: "release.yaml", folder, journal };
}
