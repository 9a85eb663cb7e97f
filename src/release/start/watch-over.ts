import { setTimeout } from "node:timers/promises";
import type { Clock } from "../../core/clock.js";
import type { CanaryWatchdog } from "../../report/schemas/canary-watchdog.js";
import { withService } from "../commands/open-service.js";
import { openRouter } from "../routers/registry.js";
import { readSecret } from "./read-secret.js";
import { Silence, watchdogLook } from "./watchdog.js";

/** How a watchdog is run. */
export interface WatchOver {
  /** release.yaml. */
  readonly file: string;
  readonly workingDirectory: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
  readonly graceMs: number;
  /** Between two looks; `null`: one look. */
  readonly everyMs: number | null;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
}

/**
 * Looks after the controller of a service until the signal comes.
 *
 * @returns the last look
 */
export function watch(over: WatchOver): Promise<CanaryWatchdog> {
  const { file, workingDirectory, env, clock, graceMs, everyMs, signal, note } = over;
  return withService(file, workingDirectory, async (service) => {
    const { config, folder } = service;
    const router = openRouter(config.router, {
      folder,
      readSecret: (reference) => readSecret(reference, { file, folder, env }),
      environment: env,
    });
    try {
      const parts = { service, router, clock, graceMs, silence: new Silence() };
      for (let told = ""; ; ) {
        const look = await watchdogLook(parts, signal);
        if (everyMs === null) return look;
        if (look.outcome !== told) note(`${look.outcome}: ${look.reason}`);
        told = look.outcome;
        await setTimeout(everyMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return look;
      }
    } finally {
      await router.close();
    }
  });
}
