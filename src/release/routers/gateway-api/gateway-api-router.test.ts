import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RouterConfig } from "../../../config/release/release-schema.js";
import { canRun, kubectlPath } from "../testing/installed.js";
import { describeRouterContract } from "../testing/router-contract.js";
import { type StubApiServer, startStubApiServer } from "../testing/stub-api-server.js";
import { GatewayApiRouter } from "./gateway-api-router.js";
import { readRoute } from "./http-route.js";

const config: Extract<RouterConfig, { type: "gateway-api" }> = {
  type: "gateway-api",
  route: "agent",
  namespace: "default",
  rule: 0,
  stable_service: "agent-stable",
  canary_service: "agent-canary",
  kubectl: ["kubectl"],
};

function openRouter(stub: StubApiServer, folder: string): GatewayApiRouter {
  const kubectl = [kubectlPath ?? "kubectl", "--server", stub.url, "--cache-dir", join(folder, "cache")];
  const environment = { PATH: process.env.PATH, HOME: folder };
  return new GatewayApiRouter({ ...config, kubectl }, { folder, readSecret: () => "", environment });
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "agentctl-gateway-api-"));
}

describe.runIf(canRun(kubectlPath, "kubernetes-client"))("Gateway API", () => {
  describeRouterContract(
    "gateway-api",
    async () => {
      const stub = await startStubApiServer();
      const folder = newFolder();
      return {
        router: openRouter(stub, folder),
        sendThrough: null,
        editByHand: async (bps) =>
          stub.edit(({ spec }) => {
            for (const ref of spec.rules[0]?.backendRefs ?? []) {
              ref.weight = ref.name === "agent-canary" ? bps : 10_000 - bps;
            }
          }),
        restart: async () => stub.touchStatus(),
        breakDown: stub.close,
        close: async () => {
          await stub.close();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
    { counts: false, drains: false },
  );

  describe("a patch", () => {
    let stub: StubApiServer;
    let folder: string;
    beforeEach(async () => {
      folder = newFolder();
      stub = await startStubApiServer();
    });
    afterEach(async () => {
      await stub.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it("tests the resourceVersion first and writes both weights", async () => {
      await openRouter(stub, folder).set({ bps: 500, salt: "r1" });
      expect(stub.patches).toEqual([
        [
          { op: "test", path: "/metadata/resourceVersion", value: "100" },
          { op: "add", path: "/spec/rules/0/backendRefs/0/weight", value: 9_500 },
          { op: "add", path: "/spec/rules/0/backendRefs/1/weight", value: 500 },
        ],
      ]);
    });

    it("is made again when only the status has changed meanwhile", async () => {
      const router = openRouter(stub, folder);
      const { version } = await router.get();
      let writes = 1;
      stub.beforePatch = () => {
        if (writes-- > 0) stub.touchStatus();
      };
      expect(await router.set({ bps: 500, salt: "r1", ifVersion: version })).toMatchObject({ bps: 500 });
      expect(stub.patches).toHaveLength(2);
    });

    it("is a conflict when somebody was faster", async () => {
      const router = openRouter(stub, folder);
      const { version } = await router.get();
      stub.beforePatch = () => {
        stub.beforePatch = null;
        stub.edit(({ spec }) => {
          for (const ref of spec.rules[0]?.backendRefs ?? []) ref.weight = 50;
        });
      };
      await expect(router.set({ bps: 500, salt: "r1", ifVersion: version })).rejects.toMatchObject({
        code: "ROUTER_CONFLICT",
      });
      expect((await router.get()).bps).toBe(5_000);
    });

    it("is refused for a route that does not exist", async () => {
      const router = new GatewayApiRouter(
        { ...config, route: "other", kubectl: [kubectlPath ?? "", "--server", stub.url] },
        { folder, readSecret: () => "", environment: { HOME: folder } },
      );
      await expect(router.get()).rejects.toMatchObject({ code: "ROUTER_REFUSED" });
    });
  });
});

describe("an HTTPRoute", () => {
  const routeOf = (backendRefs: readonly object[]) =>
    JSON.stringify({
      kind: "HTTPRoute",
      metadata: { uid: "u", resourceVersion: "7", generation: 2 },
      spec: { rules: [{ backendRefs }] },
    });
  const stable = { name: "agent-stable", port: 80 };
  const canary = { name: "agent-canary", port: 80 };

  it.each([
    [
      "weights of any sum",
      [
        { ...stable, weight: 99 },
        { ...canary, weight: 1 },
      ],
      100,
    ],
    ["no weights, which are 1 each", [stable, canary], 5_000],
    [
      "the canary first",
      [
        { ...canary, weight: 1_000_000 },
        { ...stable, weight: 0 },
      ],
      10_000,
    ],
  ])("is read with %s", (_name, refs, bps) => {
    expect(readRoute(routeOf(refs), config).bps).toBe(bps);
  });

  it.each([
    ["a lone backend, which takes everything", [{ ...canary, weight: 0 }]],
    ["a third backend", [stable, canary, { name: "other" }]],
    ["the same backend twice", [stable, stable]],
    ["another backend", [stable, { name: "other" }]],
    ["no backend", []],
    [
      "two weights of 0",
      [
        { ...stable, weight: 0 },
        { ...canary, weight: 0 },
      ],
    ],
  ])("is refused with %s", (_name, refs) => {
    expect(() => readRoute(routeOf(refs), config)).toThrow(
      expect.objectContaining({ code: "ROUTER_REFUSED" }) as Error,
    );
  });

  it.each([-1, 0.5, 1_000_001, "one"])(
    "is not read with the weight %s, which its definition forbids",
    (weight) => {
      expect(() => readRoute(routeOf([stable, { ...canary, weight }]), config)).toThrow(/cannot be read/);
    },
  );
});
