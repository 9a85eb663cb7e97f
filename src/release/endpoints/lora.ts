import { ProviderError } from "../../core/errors.js";
import type { EndpointLoraReport } from "../../report/schemas/endpoint-warm.js";
import { textTable } from "../../report/text-table.js";
import { type ListedModel, listedModels } from "./check/probe-models.js";
import type { EndpointAddress } from "./http/endpoint-address.js";
import { type EndpointClient, openEndpoint } from "./http/endpoint-client.js";
import { failureOf } from "./http/error-of-reply.js";

/** What to do with the adapters of a vLLM server. */
export type LoraAction =
  | { readonly kind: "list" }
  | { readonly kind: "load"; readonly name: string; readonly path: string }
  | { readonly kind: "unload"; readonly name: string };

/** Loading reads weights from a disk or a bucket. */
const TIMEOUT_MS = 600_000;

/**
 * Loads, unloads or lists the LoRA adapters of a vLLM server, which serves each as a model of its own. Loading what is
 * loaded from the same path, and unloading what is not there, change nothing and succeed. What counts is what the
 * models page shows afterwards: vLLM names the path of an adapter as its `root` there. Of a server that does not, the report
 * says that the path of an adapter that it had before is not known.
 *
 * @throws {ProviderError} when the server refuses, does not show the outcome, or has another adapter of that name
 */
export async function changeAdapters(
  address: EndpointAddress,
  action: LoraAction,
  signal: AbortSignal,
): Promise<EndpointLoraReport> {
  const client = openEndpoint(address);
  try {
    const before = await readModels(client, signal);
    const isDue = action.kind !== "list" && needsChange(client.url, before, action);
    const changed = isDue && (await change(client, action, signal));
    const after = isDue ? await readModels(client, signal) : before;
    if (action.kind !== "list") confirm(client.url, after, action);
    return {
      url: client.url,
      action: action.kind,
      name: action.kind === "list" ? null : action.name,
      changed,
      path: action.kind === "load" ? pathOf(after, action, changed) : null,
      adapters: after.filter(isAdapter).map((model) => ({
        name: model.id,
        base: model.parent ?? null,
        path: rootOf(model),
      })),
    };
  } finally {
    await client.close();
  }
}

type Change = Exclude<LoraAction, { readonly kind: "list" }>;
type Load = Extract<LoraAction, { readonly kind: "load" }>;

/** vLLM names the base model as the parent of an adapter. */
function isAdapter({ parent }: ListedModel): boolean {
  return parent !== null && parent !== undefined;
}

function needsChange(url: string, models: readonly ListedModel[], action: Change): boolean {
  const known = models.find(({ id }) => id === action.name);
  if (known !== undefined && !isAdapter(known)) {
    throw refusal(
      `"${action.name}" is a base model of ${url}, not an adapter`,
      "Name the adapter otherwise.",
    );
  }
  if (action.kind === "unload") return known !== undefined;
  if (known === undefined) return true;
  refuseOtherPath(url, known, action);
  return false;
}

function refuseOtherPath(url: string, known: ListedModel, { name, path }: Load): void {
  const root = rootOf(known);
  if (root === null || withoutSlash(root) === withoutSlash(path)) return;
  throw refusal(
    `${url} serves an adapter "${name}" from ${root}, another path than ${path}`,
    "Unload it first, or load the new one under a name of its own: a canary needs both.",
  );
}

/** Where an adapter was loaded from; `null`: the server does not tell. */
function rootOf({ root }: ListedModel): string | null {
  return root === undefined || root === "" ? null : root;
}

function withoutSlash(path: string): string {
  return path.replace(/(?<=.)\/+$/, "");
}

/** How far it is known that an adapter comes from the path that was asked for. */
function pathOf(
  models: readonly ListedModel[],
  { name }: Load,
  changed: boolean,
): EndpointLoraReport["path"] {
  const known = models.find(({ id }) => id === name);
  if (known !== undefined && rootOf(known) !== null) return "listed";
  return changed ? "asked" : "unknown";
}

/** @returns whether the server did it, and not somebody else in between: the models page will tell */
async function change(client: EndpointClient, action: Change, signal: AbortSignal): Promise<boolean> {
  const path = action.kind === "load" ? "/v1/load_lora_adapter" : "/v1/unload_lora_adapter";
  const source = action.kind === "load" ? { lora_path: action.path } : {};
  const body = { lora_name: action.name, ...source };
  const reply = await client.ask(path, { body, signal, timeoutMs: TIMEOUT_MS });
  if (reply.status === 200) return true;
  if (reply.status >= 400 && /already|not found|cannot be found/i.test(reply.text)) {
    if (reply.json !== undefined && !/^\{"detail":"Not Found"\}$/.test(reply.text.trim())) return false;
  }
  throw refusal(
    `${client.url} did not ${action.kind} "${action.name}": ${failureOf(reply)}`,
    "Start vLLM with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True; the path must be one that the server can read.",
  );
}

function confirm(url: string, models: readonly ListedModel[], action: Change): void {
  const listed = models.find(({ id }) => id === action.name);
  const isThere = listed !== undefined;
  if (isThere && action.kind === "load") refuseOtherPath(url, listed, action);
  if (isThere === (action.kind === "load")) return;
  const shown = isThere ? "still lists" : "does not list";
  throw refusal(
    `${url} ${shown} "${action.name}" after the ${action.kind}`,
    "Look at the log of the server.",
  );
}

async function readModels(client: EndpointClient, signal: AbortSignal): Promise<readonly ListedModel[]> {
  const reply = await client.ask("/v1/models", { signal });
  const models = listedModels(reply);
  if (models !== null) return models;
  const why = reply.status === 200 ? "answered without a list" : failureOf(reply);
  throw new ProviderError("PROVIDER_UNAVAILABLE", `GET /v1/models of ${client.url}: ${why}`, {
    isRetryable: true,
    nextStep: "Check the address, and whether the server runs.",
  });
}

function refusal(message: string, nextStep: string): ProviderError {
  return new ProviderError("PROVIDER_REJECTED", message, { nextStep });
}

/** What was done, and the adapters that are there now. */
export function renderAdapters(report: EndpointLoraReport): string {
  const { url, action, name, changed, path, adapters } = report;
  const done = action === "load" ? "loaded" : "unloaded";
  const head = action === "list" ? [] : [changed ? `${done} ${name}` : `${name}: nothing to do`];
  if (path === "unknown") {
    head.push(
      `from which path is not known: ${url} had it before and does not tell; to be sure, unload it first`,
    );
  }
  if (adapters.length === 0) return [...head, `${url} serves no adapter`].join("\n");
  const columns = [{ title: "adapter" }, { title: "base model" }, { title: "path" }];
  const rows = adapters.map((one) => [one.name, one.base ?? "not told", one.path ?? "not told"]);
  return [...head, ...textTable(columns, rows)].join("\n");
}
