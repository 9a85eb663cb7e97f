import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gatewaySchema } from "../config/gateway/gateway-schema.js";
import type { ConfigError } from "../core/errors.js";
import { readGatewaySecrets } from "./read-secrets.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "agentctl-secrets-"));
  writeFileSync(join(folder, "key.txt"), "from-file\n");
  writeFileSync(join(folder, "cert.pem"), "CERT");
});

afterAll(() => rmSync(folder, { recursive: true }));

const config = (extra: object, stable: object = {}) =>
  gatewaySchema.parse({
    version: 1,
    service: "s",
    arms: { stable: { url: "http://127.0.0.1:1", ...stable } },
    ...extra,
  });

describe("the secrets that gateway.yaml names", () => {
  it("come from variables and from files beside it", async () => {
    const named = config(
      {
        listen: { tls: { cert: "cert.pem", key: "key.txt" } },
        control: { listen: "127.0.0.1:0", token: "file:key.txt" },
      },
      { api_key: "env:ARM_KEY" },
    );
    const secrets = await readGatewaySecrets(named, join(folder, "gateway.yaml"), { ARM_KEY: " k " });
    expect(secrets).toEqual({
      armKeys: { stable: "k", canary: null },
      tls: { cert: "CERT", key: "from-file\n", clientCa: null },
      controlToken: "from-file",
    });
  });

  it("are all told that are missing, by their place and never by a value", async () => {
    const named = config(
      { listen: { tls: { cert: "none.pem", key: "key.txt" } } },
      { api_key: "env:ARM_KEY" },
    );
    const failure = await readGatewaySecrets(named, join(folder, "gateway.yaml"), { ARM_KEY: "" }).catch(
      (error: unknown) => error as ConfigError,
    );
    expect((failure as ConfigError).message).toContain("`arms.stable.api_key`");
    expect((failure as ConfigError).message).toContain("ARM_KEY");
    expect((failure as ConfigError).message).toContain("`listen.tls.cert`");
  });
});
