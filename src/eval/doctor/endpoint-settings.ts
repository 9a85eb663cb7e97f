import type { ModelConfig } from "../../models/registry.js";
import { keyOf } from "../../models/resolve-endpoint.js";

/** What a file wants of the environment and of the network. */
export interface NamedSettings {
  /** File or suite. */
  readonly by: string;
  readonly models: readonly ModelConfig[];
  /** Variables that it names itself. */
  readonly variables: readonly string[];
  /** Endpoints that are no models, such as that of an agent of kind http. */
  readonly urls: readonly string[];
}

/** A variable that holds a credential or is put into a request. */
export interface WantedVariable {
  readonly name: string;
  readonly isNeeded: boolean;
  readonly by: readonly string[];
}

/** Finds models, variables and addresses in a checked configuration by their keys, however deep they stand. */
export function settingsOf(config: object, by: string): NamedSettings {
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
  return { by, models, variables: [...variables], urls: [...urls] };
}

/** Every variable that is wanted, by name, with who wants it. */
export function wantedVariables(
  settings: readonly NamedSettings[],
  env: { readonly [name: string]: string | undefined },
): readonly WantedVariable[] {
  const wanted = new Map<string, { isNeeded: boolean; by: Set<string> }>();
  const want = (name: string, isNeeded: boolean, by: string) => {
    const known = wanted.get(name) ?? { isNeeded: false, by: new Set<string>() };
    known.isNeeded ||= isNeeded;
    known.by.add(by);
    wanted.set(name, known);
  };
  for (const { by, models, variables } of settings) {
    const ofModels = models.flatMap((model) => keyOf(model, env) ?? []);
    for (const { variable, isNeeded } of ofModels) want(variable, isNeeded, by);
    const keys = new Set(ofModels.map(({ variable }) => variable));
    for (const name of variables) if (!keys.has(name)) want(name, true, by);
  }
  return [...wanted].map(([name, { isNeeded, by }]) => ({ name, isNeeded, by: [...by] }));
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
