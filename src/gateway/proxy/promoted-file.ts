import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GatewayConfig } from "../../config/gateway/gateway-schema.js";
import { StoreError } from "../../core/errors.js";
import { contentHash } from "../../core/hash.js";
import { removeDurably, writeDurably } from "../write-durably.js";

/**
 * Which servers a promotion was about. When `gateway.yaml` names others, it was edited since, and counts for more than the
 * promotion.
 */
function nameOf({ stable, canary }: GatewayConfig["arms"]): string {
  const of = (arm: GatewayConfig["arms"]["canary"]) => ({ url: arm?.url ?? null, model: arm?.model ?? null });
  return contentHash({ stable: of(stable), canary: of(canary) });
}

/** Remembers in a file that the canary's server has become that of the stable arm. */
export class PromotedFile {
  readonly #file: string;
  readonly #name: string;

  constructor(folder: string, arms: GatewayConfig["arms"]) {
    this.#file = join(folder, "promoted.json");
    this.#name = nameOf(arms);
  }

  /**
   * Whether these servers were promoted. What an older `gateway.yaml` promoted is forgotten, so that it does not come back
   * when the file is changed back.
   */
  holds(): boolean {
    let text: string;
    try {
      text = readFileSync(this.#file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw new StoreError(`${this.#file}: cannot be read`, { cause: error });
    }
    if (text === this.#text()) return true;
    this.remove();
    return false;
  }

  /** @throws {StoreError} when it cannot be written */
  write(): void {
    try {
      writeDurably(this.#file, this.#text());
    } catch (error) {
      throw new StoreError(`${this.#file}: the promotion cannot be written`, { cause: error });
    }
  }

  /** @throws {StoreError} when it cannot be removed */
  remove(): void {
    try {
      removeDurably(this.#file);
    } catch (error) {
      throw new StoreError(`${this.#file}: the promotion cannot be taken back on disk`, { cause: error });
    }
  }

  #text(): string {
    return `${JSON.stringify({ version: 1, arms: this.#name })}\n`;
  }
}
