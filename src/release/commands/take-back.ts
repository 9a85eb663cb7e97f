import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { systemClock } from "../../core/clock.js";
import { AgentctlError, ReleaseError, StoreError, UsageError } from "../../core/errors.js";
import type { CanaryRollback } from "../../report/schemas/canary-command.js";
import type { Notifier } from "../controller/ports.js";
import { webhookNotifier } from "../notify/webhook-notifier.js";
import { readReleaseFile } from "../planning/read-rollout-files.js";
import { openRouter } from "../routers/registry.js";
import type { TrafficRouter } from "../routers/router.js";
import { readSecret } from "../start/read-secret.js";
import { actorName } from "./actor-name.js";
import { requireReason } from "./leave-request.js";
import { type OpenService, withService } from "./open-service.js";
import { pointBack } from "./point-back.js";
import { type RollbackFlags, type RollbackParts, rollBack, supersedeLive } from "./roll-back.js";
import { zeroWithoutJournal } from "./zero-without-journal.js";

/** Who rolled back without a name that can be kept. */
const UNNAMED = "somebody";

interface TakeBackFlags extends RollbackFlags {
  readonly release: string;
  readonly actor?: string;
  /** Release or version to go back to. */
  readonly to?: string;
}

/** What the outside of `canary rollback` gives. */
interface TakeBackServices {
  readonly workingDirectory: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

/** `agentctl canary rollback`: takes back what is live, or goes back to a recorded version. */
export async function takeBack(flags: TakeBackFlags, services: TakeBackServices): Promise<CanaryRollback> {
  const { workingDirectory, env } = services;
  const actor = whoRollsBack(flags, services);
  const reason = flags.reason?.trim() ?? "";
  if (flags.force === true) requireReason("rollback --force", reason);
  try {
    return await withService(flags.release, workingDirectory, (service) => {
      const parts = partsOf(service, actor, services);
      return flags.to === undefined
        ? rollBack(service, flags, parts)
        : pointBack(service, flags.to, flags, parts);
    });
  } catch (error) {
    if (flags.to !== undefined || flags.force !== true) throw error;
    const config = readReleaseFile(flags.release, workingDirectory);
    const folder = dirname(resolve(workingDirectory, flags.release));
    const isLost = error instanceof ReleaseError && !existsSync(resolve(folder, config.journal));
    if (!isLost && !(error instanceof StoreError)) throw error;
    return zeroWithoutJournal({
      actor,
      reason,
      problem: error.message,
      openRouter: () => routerOf({ config, folder, file: flags.release }, env),
      clock: systemClock,
      timeoutMs: flags.timeout === undefined ? undefined : flags.timeout * 1000,
      note: services.note,
      signal: services.signal,
    });
  }
}

/** A rollback does not wait for a name: at night, in a container, there may be none. */
function whoRollsBack(
  { actor }: TakeBackFlags,
  { env, workingDirectory, note }: Pick<TakeBackServices, "env" | "workingDirectory" | "note">,
): string {
  try {
    return actorName(actor, env, workingDirectory);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    note(`${error.message}. The rollback goes on, and the journal says ${UNNAMED}`);
    return UNNAMED;
  }
}

function routerOf(
  { config, folder, file }: Omit<OpenService, "journal">,
  env: TakeBackServices["env"],
): TrafficRouter {
  const secretOf = (reference: string) => readSecret(reference, { file, folder, env });
  return openRouter(config.router, { folder, readSecret: secretOf, environment: env });
}

/** Ends the live release of a service, as `canary start --supersede` does before it begins. */
export async function takeBackFor(
  service: OpenService,
  successor: { readonly id: string; readonly author: string },
  services: TakeBackServices,
): Promise<void> {
  await supersedeLive(service, successor.id, partsOf(service, successor.author, services));
}

function partsOf(
  service: OpenService,
  actor: string,
  { env, note, signal }: TakeBackServices,
): RollbackParts {
  const { file, folder } = service;
  const secretOf = (reference: string) => readSecret(reference, { file, folder, env });
  return {
    actor,
    clock: systemClock,
    openRouter: () => routerOf(service, env),
    notifier: notifierOf(service, secretOf, note),
    note,
    signal,
  };
}

/** Of a webhook without its secret only this terminal hears: it must not stop a rollback. */
function notifierOf(
  { config }: OpenService,
  secretOf: (reference: string) => string,
  note: (text: string) => void,
): Notifier {
  const webhooks = config.notify.flatMap(({ webhook, on }) => {
    try {
      return [{ url: /^(env|file):/.test(webhook) ? secretOf(webhook) : webhook, on }];
    } catch (error) {
      if (!(error instanceof AgentctlError)) throw error;
      note(`a webhook hears nothing of this: ${error.message}`);
      return [];
    }
  });
  return webhookNotifier(webhooks, { service: config.service, secrets: [] });
}
