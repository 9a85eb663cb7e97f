import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

interface PatchStep {
  readonly op: string;
  readonly path: string;
  readonly value: unknown;
}

type Json = { [key: string]: Json } | Json[] | string | number | null;

/** As much of a Kubernetes API server as kubectl needs to read and patch one HTTPRoute, which it checks as the real one. */
export interface StubApiServer {
  readonly url: string;
  /** The route as it is. */
  route(): { spec: { rules: { backendRefs: { name: string; weight?: number }[] }[] }; metadata: object };
  /** Changes the spec, as a person with kubectl would. */
  edit(change: (route: ReturnType<StubApiServer["route"]>) => void): void;
  /** Runs before each patch is looked at: another writer that is faster. */
  beforePatch: (() => void) | null;
  /** Writes the status, as a gateway does after each change. */
  touchStatus(): void;
  readonly patches: (readonly PatchStep[])[];
  close(): Promise<void>;
}

const GROUP = "gateway.networking.k8s.io";
const PATH = `/apis/${GROUP}/v1/namespaces/default/httproutes/agent`;
const DISCOVERY: { readonly [path: string]: object } = {
  "/api": { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] },
  "/api/v1": { kind: "APIResourceList", groupVersion: "v1", resources: [] },
  "/apis": {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: [
      {
        name: GROUP,
        versions: [{ groupVersion: `${GROUP}/v1`, version: "v1" }],
        preferredVersion: { groupVersion: `${GROUP}/v1`, version: "v1" },
      },
    ],
  },
  [`/apis/${GROUP}/v1`]: {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: `${GROUP}/v1`,
    resources: [
      {
        name: "httproutes",
        singularName: "httproute",
        namespaced: true,
        kind: "HTTPRoute",
        verbs: ["get", "patch"],
      },
    ],
  },
};

export async function startStubApiServer(): Promise<StubApiServer> {
  let route: Json = {
    apiVersion: `${GROUP}/v1`,
    kind: "HTTPRoute",
    metadata: { name: "agent", namespace: "default", uid: "u-1", resourceVersion: "100", generation: 1 },
    spec: {
      parentRefs: [{ name: "public" }],
      rules: [
        {
          backendRefs: [
            { name: "agent-stable", port: 8000 },
            { name: "agent-canary", port: 8000, weight: 0 },
          ],
        },
      ],
    },
    status: { parents: [] },
  };
  const stub: StubApiServer = {
    url: "",
    route: () => structuredClone(route) as unknown as ReturnType<StubApiServer["route"]>,
    edit: (change) => {
      const next = stub.route();
      change(next);
      store(next as unknown as Json);
    },
    beforePatch: null,
    touchStatus: () => bump(1, 0),
    patches: [],
    close: async () => {
      server.closeAllConnections();
      if (server.listening) await new Promise((done) => server.close(done));
    },
  };
  const bump = (versions: number, generations: number) => {
    const { metadata } = route as { metadata: { resourceVersion: string; generation: number } };
    metadata.resourceVersion = String(Number(metadata.resourceVersion) + versions);
    metadata.generation += generations;
  };
  const store = (next: Json) => {
    const isSame =
      JSON.stringify((next as { spec: Json }).spec) === JSON.stringify((route as { spec: Json }).spec);
    if (isSame) return;
    route = next;
    bump(1, 1);
  };
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "", "http://stub").pathname;
    if (path !== PATH) return answer(response, DISCOVERY[path] ?? null);
    if (request.method === "PATCH") {
      stub.beforePatch?.();
      const problem = await patched(request);
      if (problem !== null) return refuse(response, 422, "Invalid", problem);
    }
    answer(response, route as object);
  });
  const patched = async (request: IncomingMessage): Promise<string | null> => {
    if (request.headers["content-type"] !== "application/json-patch+json")
      return "only a JSON patch is taken here";
    const steps = JSON.parse(await text(request)) as PatchStep[];
    stub.patches.push(steps);
    const next = structuredClone(route);
    for (const step of steps) {
      const problem = applyStep(next, step);
      if (problem !== null) return problem;
    }
    store(next);
    return null;
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(stub, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

function applyStep(root: Json, { op, path, value }: PatchStep): string | null {
  const keys = path.slice(1).split("/");
  const last = keys.pop() ?? "";
  let at: unknown = root;
  for (const key of keys) at = (at as { [key: string]: unknown } | undefined)?.[key];
  const parent = at as { [key: string]: unknown } | undefined;
  if (parent === undefined) return `${path} is not there`;
  if (op === "test") return parent[last] === value ? null : `testing value ${path} failed`;
  if (op === "replace" && !(last in parent)) return `${path} is not there`;
  const isWeight = Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 1_000_000;
  if (last === "weight" && !isWeight) return `${path}: Invalid value`;
  parent[last] = value;
  return null;
}

function answer(response: ServerResponse, body: object | null): void {
  if (body === null) refuse(response, 404, "NotFound", "the server could not find the requested resource");
  else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, code: number, reason: string, message: string): void {
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", message, reason, code };
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(status));
}
