import { canonicalJson, type Json } from "../../core/hash.js";
import type { ToolOutcome } from "../../environments/environment.js";
import type { ConversationLog } from "../conversation-log.js";
import { refusedCall, type ToolArguments } from "../tools/tool.js";

const NOTE = "team.shared";
const MOST_ENTRIES = 64;
const MOST_CHARS = 4000;

interface Entry {
  /** 1 for the first value. */
  readonly version: number;
  readonly value: Json;
  /** Who wrote it. */
  readonly by: string;
}

/**
 * The board that a team shares: entries with versions, written only by who has read the last version. It lives in the
 * log of the outermost supervisor, so it survives a crash and ends with the conversation.
 */
export class SharedState {
  constructor(private readonly log: ConversationLog) {}

  read({ key }: ToolArguments): ToolOutcome {
    if (typeof key !== "string") return refusedCall("`key` wants a text");
    const entry = this.entries()[key];
    return answer({ key, version: entry?.version ?? 0, value: entry?.value ?? null, by: entry?.by ?? null });
  }

  /** A write that was made already, as after a crash, is answered as made. */
  write({ key, value, expected_version: expected }: ToolArguments, by: string): ToolOutcome {
    if (typeof key !== "string" || key === "") return refusedCall("`key` wants a text");
    if (value === undefined) return refusedCall("`value` wants a JSON value");
    if (typeof expected !== "number")
      return refusedCall("`expected_version` wants the version that was read");
    const entries = this.entries();
    const found = Object.hasOwn(entries, key) ? entries[key] : undefined;
    const version = found?.version ?? 0;
    const written = { key, version: expected + 1, value, by };
    if (found !== undefined && version === expected + 1 && found.by === by && isEqual(found.value, value)) {
      return answer(written);
    }
    if (version !== expected) {
      return refusedCall(
        `conflict: ${key} has version ${version}, written by ${found?.by ?? "nobody"}, not ${expected}; read it again`,
      );
    }
    if (canonicalJson(value).length > MOST_CHARS) {
      return refusedCall(`the value is longer than ${MOST_CHARS} characters`);
    }
    if (found === undefined && Object.keys(entries).length >= MOST_ENTRIES) {
      return refusedCall(`the board is full: ${MOST_ENTRIES} entries`);
    }
    this.log.setNote(NOTE, { ...entries, [key]: { version: version + 1, value, by } } as unknown as Json);
    return answer(written);
  }

  private entries(): { readonly [key: string]: Entry } {
    return Object.assign(Object.create(null), this.log.note(NOTE));
  }
}

function isEqual(one: Json, other: Json): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

function answer(value: Json): ToolOutcome {
  return { content: canonicalJson(value), isError: false };
}
