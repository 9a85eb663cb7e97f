import { resolve } from "node:path";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import type { Clock } from "../../core/clock.js";
import { projectAftermath } from "../aftermath/project-aftermath.js";
import { storeBeside } from "../aftermath/store-beside.js";
import { openProber } from "../controller/open-prober.js";
import type { ControllerPorts } from "../controller/ports.js";
import { decide } from "../decisions/decide.js";
import { openCapacityReader } from "../endpoints/capacity.js";
import { type CountingEvidenceReader, openEvidenceReader } from "../evidence/open-evidence-reader.js";
import type { ReleaseJournal } from "../journal/journal.js";
import { webhookNotifier } from "../notify/webhook-notifier.js";
import { openRouter } from "../routers/registry.js";
import { readSecret } from "./read-secret.js";

/** What the ports of a service are opened with. */
export interface ServiceParts {
  readonly config: ReleaseConfig;
  /** release.yaml as messages name it. */
  readonly file: string;
  readonly folder: string;
  readonly journal: ReleaseJournal;
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
  /** Tag that a promotion moves; `null`: none. */
  readonly baselineTag: string | null;
  readonly note: (text: string) => void;
}

export interface OpenPorts extends ControllerPorts {
  readonly evidence: CountingEvidenceReader;
  close(): Promise<void>;
}

/**
 * Everything that the controller of a service touches, as release.yaml says.
 *
 * @throws {ConfigError} when a secret is missing
 * @throws {RouterError} when the router may not be reached from here
 */
export function openPorts(parts: ServiceParts): OpenPorts {
  const { config, folder, journal, clock } = parts;
  const secretOf = (reference: string) => readSecret(reference, parts);
  const router = openRouter(config.router, { folder, readSecret: secretOf, environment: parts.env });
  const capacity = openCapacityReader(config, clock);
  const evidence = openEvidenceReader(config, { folder, router, capacity, clock });
  const keys = [config.stable.api_key, config.canary.api_key].flatMap((key) =>
    key === undefined ? [] : [secretOf(key)],
  );
  const webhooks = config.notify.map(({ webhook, on }) => ({
    url: /^https?:/.test(webhook) ? webhook : secretOf(webhook),
    on,
  }));
  return {
    clock,
    journal,
    router,
    evidence,
    decide,
    prober: openProber(config, { router, readSecret: secretOf }),
    notifier: webhookNotifier(webhooks, { service: config.service, secrets: keys }),
    aftermath: projectAftermath({
      journal,
      evidence,
      root: folder,
      openStore: storeBeside(folder),
      baselineTag: parts.baselineTag,
      captures: resolve(folder, config.captures),
      clock,
      note: parts.note,
    }),
    close: async () => {
      await capacity.close();
      await router.close();
    },
  };
}
