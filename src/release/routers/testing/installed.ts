import { existsSync } from "node:fs";
import { it } from "vitest";

/** Programs of Debian packages that tests drive; `null`: not installed. */
function installed(path: string | undefined, ...places: readonly string[]): string | null {
  return [path, ...places].find((place) => place !== undefined && existsSync(place)) ?? null;
}

export const haproxyPath = installed(process.env.HAPROXY, "/usr/sbin/haproxy", "/usr/local/sbin/haproxy");
export const nginxPath = installed(process.env.NGINX, "/usr/sbin/nginx", "/usr/local/sbin/nginx");
export const kubectlPath = installed(process.env.KUBECTL, "/usr/bin/kubectl", "/usr/local/bin/kubectl");
export const prometheusPath = installed(
  process.env.PROMETHEUS,
  "/usr/bin/prometheus",
  "/usr/local/bin/prometheus",
);

/** Whether to run what needs a program. In CI it is run, and fails, when the program is missing. */
export function canRun(path: string | null, debianPackage: string): boolean {
  if (path !== null) return true;
  const message = `needs the Debian package ${debianPackage}`;
  it(message, (test) => {
    if (process.env.CI !== undefined) throw new Error(message);
    test.skip(message);
  });
  return false;
}
