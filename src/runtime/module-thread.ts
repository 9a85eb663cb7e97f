import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * A thread that loads a module by itself, wherever a bundler put it; TypeScript sources need their loader. The module
 * must tell by the data whether a thread is its own: those of others load it too.
 *
 * @param url - `import.meta.url` of the module
 */
export function moduleThread(
  url: string,
  workerData: unknown,
  options: Pick<WorkerOptions, "resourceLimits"> = {},
): Worker {
  if (!url.endsWith(".ts")) return new Worker(new URL(url), { ...options, workerData });
  const loaderPackage = createRequire(url).resolve("tsx/package.json");
  const loader = new URL("./dist/esm/api/index.mjs", pathToFileURL(loaderPackage)).href;
  const code = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(url)}); });`;
  return new Worker(code, { ...options, eval: true, workerData });
}
