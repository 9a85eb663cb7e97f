import type { GatesConfig } from "../../config/gates/gates-schema.js";

const folders = new WeakMap<GatesConfig, string>();

/** Remembers where gate rules were read, without making the place a part of them: their hash is the same anywhere. */
export function keepRulesFolder(rules: GatesConfig, folder: string): GatesConfig {
  folders.set(rules, folder);
  return rules;
}

/** The folder that paths in gate rules are relative to; `null` for rules that were not read from a file. */
export function rulesFolder(rules: GatesConfig): string | null {
  return folders.get(rules) ?? null;
}
