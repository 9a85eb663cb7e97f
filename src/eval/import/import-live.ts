import { resolve } from "node:path";
import type { CapturedExchange } from "../../core/captured-exchange.js";
import { conversationKey } from "../../core/conversation-key.js";
import { UsageError } from "../../core/errors.js";
import type { Arm } from "../../core/traffic-split.js";
import { capturedRun } from "../../datasets/import/captured-run.js";
import { readCaptures } from "../../datasets/import/read-captures.js";
import type { RunReport } from "../../report/run-report.js";
import { type ImportFlags, type ImportServices, importRun } from "./import-run.js";

/** Which of the kept conversations are meant; what is left out is not asked for. */
export interface LiveFlags extends ImportFlags {
  readonly release?: string;
  readonly arm?: Arm;
  /** Only these, by {@link conversationKey}. */
  readonly conversations?: ReadonlySet<string>;
}

/**
 * Stores live conversations that a gateway kept as a run: they can then be scored, judged, reviewed and traced.
 *
 * @param path - file or folder of the gateway's `capture`
 * @throws {DatasetError} when it holds none
 * @throws {UsageError} when none is asked for
 */
export function importLive(path: string, flags: LiveFlags, services: ImportServices): Promise<RunReport> {
  const read = async (file: string) => {
    const { exchanges, unreadable } = await readCaptures(resolve(services.workingDirectory, file));
    const wanted = exchanges.filter((one) => isWanted(one, flags));
    if (wanted.length === 0) {
      throw new UsageError(
        `${file}: expected a kept conversation that fits the flags, found none of ${exchanges.length}`,
      );
    }
    return capturedRun(
      wanted,
      unreadable === 0 ? [] : [`lines that could not be read were passed over: ${unreadable}`],
    );
  };
  return importRun(path, "live", read, flags, services);
}

function isWanted(exchange: CapturedExchange, { release, arm, conversations }: LiveFlags): boolean {
  return (
    (release === undefined || exchange.release === release) &&
    (arm === undefined || exchange.arm === arm) &&
    (conversations === undefined ||
      conversations.has(conversationKey(exchange.tenant_id, exchange.conversation_id)))
  );
}
