import { resolve } from "node:path";
import type { RouterConfig } from "../../config/release/release-schema.js";

/**
 * Names what moves the traffic of a service, so that a plan tells it from any other: how it is reached, and which part of it
 * is meant. One router may have several names, of several machines.
 *
 * @param folder - of release.yaml: relative paths start there
 */
export function routerName(router: RouterConfig, folder: string): string {
  switch (router.type) {
    case "gateway":
      return `gateway ${withPath(router.control, folder)}`;
    case "haproxy":
      return `haproxy ${withPath(router.socket, folder)} (${router.stable_backend}, ${router.canary_backend})`;
    case "nginx":
      return `nginx ${resolve(folder, router.split_file)}`;
    case "gateway-api": {
      const { kubectl, namespace, route, rule, stable_service, canary_service } = router;
      return `gateway-api ${kubectl.join(" ")} ${namespace}/${route} rule ${rule} (${stable_service}, ${canary_service})`;
    }
    case "exec":
      return `exec ${router.set.join(" ")}`;
  }
}

/** Addresses of a network stay as they are. */
function withPath(place: string, folder: string): string {
  const path = /^unix:(.*)$/.exec(place)?.[1];
  if (path !== undefined) return `unix:${resolve(folder, path)}`;
  return /^[a-z]+:\/\/|^[^/]*:\d+$/.test(place) ? place : resolve(folder, place);
}
