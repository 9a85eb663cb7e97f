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
 * models page shows afterwards.
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
    const changed = action.kind !== "list" && needsChange(client.url, before, action);
    if (changed) await change(client, action, signal);
    const after = changed ? await readModels(client, signal) : before;
    if (action.kind !== "list") confirm(client.url, after, action);
    return {
      url: client.url,
      action: action.kind,
      name: action.kind === "list" ? null : action.name,
      changed,
      adapters: after.filter(isAdapter).map(({ id, root, parent }) => ({
        name: id,
        base: parent ?? null,
        path: root ?? null,
      })),
    };
  } finally {
    await client.close();
  }
}

type Change = Exclude<LoraAction, { readonly kind: "list" }>;

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
  if (known.root === null || known.root === undefined || known.root === action.path) return false;
  throw refusal(
    `${url} serves an adapter "${action.name}" from another path`,
    "Unload it first, or load the new one under a name of its own: a canary needs both.",
  );
}

async function change(client: EndpointClient, action: Change, signal: AbortSignal): Promise<void> {
  const path = action.kind === "load" ? "/v1/load_lora_adapter" : "/v1/unload_lora_adapter";
  const source = action.kind === "load" ? { lora_path: action.path } : {};
  const body = { lora_name: action.name, ...source };
  const reply = await client.ask(path, { body, signal, timeoutMs: TIMEOUT_MS });
  if (reply.status === 200) return;
  // Somebody else may have done it in between; the models page will tell.
  if (reply.status >= 400 && /already|not found|cannot be found/i.test(reply.text)) {
    if (reply.json !== undefined && !/^\{"detail":"Not Found"\}$/.test(reply.text.trim())) return;
  }
  throw refusal(
    `${client.url} did not ${action.kind} "${action.name}": ${failureOf(reply)}`,
    "Start vLLM with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True; the path must be one that the server can read.",
  );
}

function confirm(url: string, models: readonly ListedModel[], action: Change): void {
  const isThere = models.some(({ id }) => id === action.name);
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
export function renderAdapters({ url, action, name, changed, adapters }: EndpointLoraReport): string {
  const done = action === "load" ? "loaded" : "unloaded";
  const head = action === "list" ? [] : [changed ? `${done} ${name}` : `${name}: nothing to do`];
  if (adapters.length === 0) return [...head, `${url} serves no adapter`].join("\n");
  const columns = [{ title: "adapter" }, { title: "base model" }, { title: "path" }];
  const rows = adapters.map((one) => [one.name, one.base ?? "not told", one.path ?? "not told"]);
  return [...head, ...textTable(columns, rows)].join("\n");
}
