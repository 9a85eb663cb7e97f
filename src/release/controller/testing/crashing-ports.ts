import { lastSplitIntent } from "../history.js";
import type { ControllerPorts } from "../ports.js";
import { RELEASE } from "./simulated-world.js";

/** The process died here. */
export class Crash extends Error {}

/** Ports of a process that dies before a call of one of them; from there on nothing has an effect any more. */
export class CrashingPorts {
  readonly ports: ControllerPorts;
  /** Effects on the router without an intent of the same share in the journal. */
  readonly unannounced: string[] = [];
  calls = 0;

  constructor(ports: ControllerPorts, dieAt: number) {
    const dying = <Port extends object>(name: string, port: Port): Port =>
      new Proxy(port, {
        get: (target, key) => {
          const member: unknown = Reflect.get(target, key, target);
          if (typeof member !== "function") return member;
          return (...args: unknown[]) => {
            this.calls += 1;
            if (this.calls >= dieAt) throw new Crash();
            if (name === "router" && key === "set") this.#expectIntent(ports, args[0] as { bps: number });
            return member.apply(target, args) as unknown;
          };
        },
      });
    this.ports = {
      ...ports,
      journal: dying("journal", ports.journal),
      router: dying("router", ports.router),
      prober: dying("prober", ports.prober),
      evidence: dying("evidence", ports.evidence),
      notifier: dying("notifier", ports.notifier),
      aftermath: dying("aftermath", ports.aftermath),
    };
  }

  #expectIntent({ journal }: ControllerPorts, { bps }: { readonly bps: number }): void {
    const intent = lastSplitIntent(journal.rows(RELEASE));
    if (intent === null || intent.isConfirmed || intent.targetBps !== bps) this.unannounced.push(`${bps}`);
  }
}
