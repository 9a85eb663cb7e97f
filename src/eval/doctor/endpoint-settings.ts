import type { ModelConfig } from "../../models/registry.js";
import { keyOf } from "../../models/resolve-endpoint.js";

/** What a file wants of the environment and of the network. */
export interface NamedSettings {
  /** File or suite. */
  readonly by: string;
  /** An evaluation works without it: only judges want it. */
  readonly isOptional: boolean;
  readonly models: readonly ModelConfig[];
  /** Variables that it names itself. */
  readonly variables: readonly string[];
  /** Endpoints that are no models, such as that of an agent of kind http. */
  readonly urls: readonly string[];
}

/** A variable that holds a credential or is put into a request. */
export interface WantedVariable {
  readonly name: string;
  /** `judging`: only judges need it. */
  readonly need: "always" | "judging" | "none";
  readonly by: readonly string[];
}

/** Finds models, variables and addresses in a checked configuration by their keys, however deep they stand. */
export function settingsOf(config: object, by: string, isOptional = false): NamedSettings {
  const models: ModelConfig[] = [];
  const variables = new Set<string>();
  const urls = new Set<string>();
  const visit = (value: unknown, key: string): void => {
    if (typeof value === "string") {
      if (/_env$/.test(key)) variables.add(value);
      for (const [, name = ""] of value.matchAll(/\$\{env:([A-Za-z_]\w*)\}/g)) variables.add(name);
      if (key === "url" && /^https?:/.test(value) && !value.includes("${")) urls.add(value);
    } else if (typeof value === "object" && value !== null) {
      if (isModel(value)) models.push(value);
      for (const [name, one] of Object.entries(value)) visit(one, name);
    }
  };
  visit(config, "");
  return { by, isOptional, models, variables: [...variables], urls: [...urls] };
}

/** Every variable that is wanted, by name, with who wants it. */
export function wantedVariables(
  settings: readonly NamedSettings[],
  env: { readonly [name: string]: string | undefined },
): readonly WantedVariable[] {
  const wanted = new Map<string, { need: WantedVariable["need"]; by: Set<string> }>();
  const want = (name: string, need: WantedVariable["need"], by: string) => {
    const known = wanted.get(name) ?? { need: "none", by: new Set<string>() };
    if (known.need === "none" || need === "always") known.need = need;
    known.by.add(by);
    wanted.set(name, known);
  };
  for (const { by, isOptional, models, variables } of settings) {
    const needed = isOptional ? "judging" : "always";
    const ofModels = models.flatMap((model) => keyOf(model, env) ?? []);
    for (const { variable, isNeeded } of ofModels) want(variable, isNeeded ? needed : "none", by);
    const keys = new Set(ofModels.map(({ variable }) => variable));
    for (const name of variables) if (!keys.has(name)) want(name, needed, by);
  }
  return [...wanted].map(([name, { need, by }]) => ({ name, need, by: [...by] }));
}

function isModel(value: object): value is ModelConfig {
  return (
    "provider" in value &&
    typeof value.provider === "string" &&
    "name" in value &&
    typeof value.name === "string" &&
    "timeout_ms" in value
  );
}
