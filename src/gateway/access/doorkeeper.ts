import { timingSafeEqual } from "node:crypto";
import { type Stats, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "../../core/clock.js";
import type { Client, Doorkeeper } from "../parts.js";
import { hashOfKey, presentedKey } from "./key-hash.js";
import { KeyUsage } from "./key-limits.js";
import { parseKeysFile, type StoredKey } from "./keys-file.js";

/** How old what the gateway knows of the file may be: a removed key is refused after this time. */
const LOOK_AGAIN_MS = 1_000;

export interface KeysDoorkeeperOptions {
  /** Path of the keys file. */
  readonly file: string;
  readonly clock: Clock;
  /** Told of a file that changed into one that cannot be read; the keys that were known stay. */
  readonly onProblem: (error: Error) => void;
}

/**
 * Lets in who presents a key of the keys file, within its limits. Reads the file again within a second of a change; what a
 * key used is not forgotten by that.
 *
 * @throws {ConfigError} when the file cannot be read at the start
 */
export async function openKeysDoorkeeper(options: KeysDoorkeeperOptions): Promise<Doorkeeper> {
  const door = new KeysDoorkeeper(options);
  await door.read();
  return door;
}

class KeysDoorkeeper implements Doorkeeper {
  readonly #options: KeysDoorkeeperOptions;
  readonly #usage = new Map<string, KeyUsage>();
  #keys: ReadonlyMap<string, StoredKey> = new Map();
  #seen = "";
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: KeysDoorkeeperOptions) {
    this.#options = options;
  }

  async read(): Promise<void> {
    const { file, clock } = this.#options;
    this.#lookedAtMs = clock.monotonic();
    this.#seen = this.#stampOfFile();
    const keys = parseKeysFile(await readFile(file, "utf8"), file);
    this.#keys = new Map(keys.map((key) => [key.sha256, key]));
  }

  admit(headers: IncomingHttpHeaders): ReturnType<Doorkeeper["admit"]> {
    this.#lookAgain();
    const presented = presentedKey(headers);
    if (presented === null) return refusal401("no key was presented; send `Authorization: Bearer KEY`");
    const key = this.#find(presented);
    if (key === undefined) return refusal401("this key is not known");
    return this.#admitKey(key);
  }

  #admitKey(key: StoredKey): ReturnType<Doorkeeper["admit"]> {
    const { clock } = this.#options;
    const usage = this.#usageOf(key.name);
    const limits = {
      requestsPerMinute: key.requests_per_minute,
      tokensPerMinute: key.tokens_per_minute,
      maxConcurrent: key.max_concurrent,
    };
    const now = clock.monotonic();
    const excess = usage.excess(limits, now);
    if (excess !== null) return { refused: { status: 429, code: "rate_limit_exceeded", ...excess } };
    usage.begin(now);
    let isDone = false;
    const done = (tokens: number) => {
      if (isDone) return;
      isDone = true;
      usage.end(tokens, clock.monotonic());
    };
    return { client: clientOf(key), done };
  }

  #find(presented: string): StoredKey | undefined {
    const hash = hashOfKey(presented);
    const key = this.#keys.get(hash);
    // How long the look-up takes depends on a hash that nobody can steer; the last word is compared in constant time.
    const isSame = key !== undefined && timingSafeEqual(Buffer.from(hash), Buffer.from(key.sha256));
    return isSame ? key : undefined;
  }

  #usageOf(name: string): KeyUsage {
    const known = this.#usage.get(name);
    if (known !== undefined) return known;
    const usage = new KeyUsage();
    this.#usage.set(name, usage);
    return usage;
  }

  #lookAgain(): void {
    const { clock, file, onProblem } = this.#options;
    if (clock.monotonic() - this.#lookedAtMs < LOOK_AGAIN_MS) return;
    this.#lookedAtMs = clock.monotonic();
    const stamp = this.#stampOfFile();
    if (stamp === this.#seen) return;
    if (stamp === "") {
      this.#seen = stamp;
      onProblem(new Error(`${file} has gone; its keys stay valid until it is back or the gateway restarts`));
      return;
    }
    this.read().catch(onProblem);
  }

  /** Empty when there is no file. */
  #stampOfFile(): string {
    let stats: Stats | undefined;
    try {
      stats = statSync(this.#options.file, { throwIfNoEntry: false });
    } catch {
      stats = undefined;
    }
    return stats === undefined ? "" : `${stats.ino}:${stats.mtimeMs}:${stats.size}`;
  }
}

function clientOf(key: StoredKey): Client {
  return {
    keyName: key.name,
    tenantId: key.tenant,
    isTester: key.roles.includes("tester"),
    isReporter: key.roles.includes("reporter"),
  };
}

function refusal401(message: string): ReturnType<Doorkeeper["admit"]> {
  return { refused: { status: 401, code: "invalid_api_key", message } };
}

/**
 * Lets everybody in, as one client of one tenant: for a gateway that only this machine reaches.
 *
 * @param tenantId - tenant of every request
 */
export function openDoorkeeper(tenantId: string): Doorkeeper {
  const client: Client = { keyName: "loopback", tenantId, isTester: true, isReporter: true };
  return { admit: () => ({ client, done: () => {} }) };
}
