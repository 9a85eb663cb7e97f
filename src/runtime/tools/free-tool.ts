import type { Tool } from "./tool.js";

/** What a tool is held to where nothing is said: nothing at all. */
export const FREE_TOOL = {
  ends: false,
  permission: null,
  caps: [],
  needsConfirmation: false,
  timeoutMs: null,
  resultFields: null,
  compensation: null,
} as const satisfies Partial<Tool>;
