import { expect, it } from "vitest";
import { releaseSchema } from "../../config/release/release-schema.js";
import { routerName } from "./router-name.js";

const SERVERS = { stable: { url: "http://127.0.0.1:2" }, canary: { url: "http://127.0.0.1:3" } };

const nameOf = (router: object, folder = "/srv") =>
  routerName(
    releaseSchema.parse({ version: 1, service: "s", traffic: "http://127.0.0.1:1", ...SERVERS, router })
      .router,
    folder,
  );

it.each([
  [{ type: "gateway", control: "unix:state/c.sock", token: "env:T" }, "gateway unix:/srv/state/c.sock"],
  [{ type: "gateway", control: "http://127.0.0.1:9901", token: "env:T" }, "gateway http://127.0.0.1:9901"],
  [{ type: "haproxy", socket: "lb:9999", map_folder: "m" }, "haproxy lb:9999 (be_stable, be_canary)"],
  [{ type: "haproxy", socket: "h.sock", map_folder: "m" }, "haproxy /srv/h.sock (be_stable, be_canary)"],
  [{ type: "nginx", split_file: "split.conf", reload: ["nginx"] }, "nginx /srv/split.conf"],
  [
    { type: "gateway-api", route: "r", stable_service: "a", canary_service: "b" },
    "gateway-api kubectl default/r rule 0 (a, b)",
  ],
  [{ type: "exec", get: ["./get"], set: ["./set", "eu"] }, "exec ./set eu"],
])("names %j", (router, name) => {
  expect(nameOf(router)).toBe(name);
});

it("has a name of every folder's own", () => {
  const nginx = { type: "nginx", split_file: "split.conf", reload: ["nginx"] };
  expect(nameOf(nginx, "/srv/eu")).not.toBe(nameOf(nginx, "/srv/us"));
});
