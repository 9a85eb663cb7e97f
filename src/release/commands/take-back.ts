import { systemClock } from "../../core/clock.js";
import { AgentctlError } from "../../core/errors.js";
import type { CanaryRollback } from "../../report/schemas/canary-command.js";
import type { Notifier } from "../controller/ports.js";
import { webhookNotifier } from "../notify/webhook-notifier.js";
import { openRouter } from "../routers/registry.js";
import { readSecret } from "../start/read-secret.js";
import { actorName } from "./actor-name.js";
import { type OpenService, withService } from "./open-service.js";
import { pointBack } from "./point-back.js";
import { type RollbackFlags, type RollbackParts, rollBack, supersedeLive } from "./roll-back.js";

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
  const actor = actorName(flags.actor, env, workingDirectory);
  return withService(flags.release, workingDirectory, (service) => {
    const parts = partsOf(service, actor, services);
    return flags.to === undefined
      ? rollBack(service, flags, parts)
      : pointBack(service, flags.to, flags, parts);
  });
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
  const { file, folder, config } = service;
  const secretOf = (reference: string) => readSecret(reference, { file, folder, env });
  return {
    actor,
    clock: systemClock,
    openRouter: () => openRouter(config.router, { folder, readSecret: secretOf, environment: env }),
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
