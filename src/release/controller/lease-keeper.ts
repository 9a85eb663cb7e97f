import { ReleaseError } from "../../core/errors.js";
import type { ControllerLease } from "../journal/journal.js";
import type { ControllerPorts } from "./ports.js";

/** Keeps the right to act on a service. Once it is lost, it is lost: another controller has it. */
export class LeaseKeeper {
  readonly #ports: Pick<ControllerPorts, "journal" | "clock">;
  readonly #service: string;
  readonly #holder: string;
  readonly #ttlMs: number;
  #lease: ControllerLease | null = null;
  #isLost = false;

  constructor(
    ports: Pick<ControllerPorts, "journal" | "clock">,
    service: string,
    { holder, leaseTtlMs }: { readonly holder: string; readonly leaseTtlMs: number },
  ) {
    this.#ports = ports;
    this.#service = service;
    this.#holder = holder;
    this.#ttlMs = leaseTtlMs;
  }

  /**
   * Takes the lease, or makes it last longer.
   *
   * @returns the epoch
   * @throws {ReleaseError} `RELEASE_FENCED` when another controller has it
   */
  hold(): number {
    const { journal, clock } = this.#ports;
    if (this.#isLost) throw fenced(this.#service, "another controller took over");
    if (this.#lease !== null) {
      this.#lease = journal.renewLease(this.#lease, clock.now(), this.#ttlMs);
      return this.#lease.epoch;
    }
    const lease = journal.acquireLease(this.#service, this.#holder, clock.now(), this.#ttlMs);
    if (lease.holder !== this.#holder) {
      throw fenced(
        this.#service,
        `${lease.holder} controls it until ${new Date(lease.expiresAt).toISOString()}`,
      );
    }
    this.#lease = lease;
    return lease.epoch;
  }

  /** Nothing is touched any more. */
  lose(): void {
    this.#isLost = true;
    this.#lease = null;
  }

  giveBack(): void {
    if (this.#lease === null) return;
    this.#ports.journal.releaseLease(this.#lease);
    this.#lease = null;
  }
}

function fenced(service: string, found: string): ReleaseError {
  return new ReleaseError("RELEASE_FENCED", `service ${service}: ${found}`, {
    nextStep: "Ask with `agentctl canary status`; the controller that has the lease goes on.",
  });
}
