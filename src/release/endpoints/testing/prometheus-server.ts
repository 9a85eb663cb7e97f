import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EndpointClient } from "../http/endpoint-client.js";
import { queryPrometheus } from "../metrics/prometheus.js";

/** A Prometheus of Debian that scrapes every 200 ms. */
export async function startPrometheus(
  program: string,
  jobs: { readonly [job: string]: string },
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "agentctl-prometheus-"));
  const scrapes = Object.entries(jobs).map(
    ([job, url]) => `  - job_name: ${job}\n    static_configs: [{ targets: ["${new URL(url).host}"] }]`,
  );
  const config = `global: { scrape_interval: 200ms, scrape_timeout: 200ms }\nscrape_configs:\n${scrapes.join("\n")}\n`;
  writeFileSync(join(folder, "prometheus.yml"), config);
  const port = await freePort();
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The value of a query, or `null` while there is none. */
export async function figureOf(client: EndpointClient, expression: string): Promise<number | null> {
  const outcome = await queryPrometheus(client, expression);
  return outcome.kind === "value" ? outcome.value : null;
}

/** It does not say which port it chose, so one is chosen for it. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
