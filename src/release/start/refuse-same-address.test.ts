import { describe, expect, it } from "vitest";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { refuseSameAddress } from "./refuse-same-address.js";

type Config = Pick<ReleaseConfig, "router" | "canary" | "service">;

const config: Config = {
  service: "support",
  router: { type: "gateway", control: "unix:control.sock", token: "env:TOKEN" },
  canary: { url: "http://127.0.0.1:8002" },
};
const elsewhere: Config = {
  ...config,
  router: { type: "exec", get: ["get"], set: ["set"], sticky: true, timeout: 1000 },
};
const promoted = { url: "http://127.0.0.1:8002", model: null };

describe("refuseSameAddress", () => {
  it("refuses the server that the gateway made stable", () => {
    expect(() => refuseSameAddress(promoted, config)).toThrow("serves everybody of support");
  });

  it.each([
    ["nothing was promoted", null, config],
    ["another server", { ...promoted, url: "http://127.0.0.1:8001" }, config],
    ["another model of the same server", { ...promoted, model: "adapter-1" }, config],
    ["a router that moves no addresses", promoted, elsewhere],
  ])("accepts %s", (_, before, after) => {
    expect(() => refuseSameAddress(before, after)).not.toThrow();
  });
});
