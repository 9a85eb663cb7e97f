import { z } from "zod";
import type { RouterConfig } from "../../../config/release/release-schema.js";
import { RouterError } from "../../../core/errors.js";
import { ALL_BPS, type Arm } from "../../../core/traffic-split.js";
import { drainByShare } from "../drain-by-share.js";
import type { ArmCounts, Split, TrafficRouter } from "../router.js";
import type { RouterContext } from "../router-context.js";
import { type CommandOutcome, runCommand } from "../run-command.js";
import { checkTarget, refuseConflict, routerFailed, type SplitTarget } from "../split-target.js";

type ExecConfig = Extract<RouterConfig, { type: "exec" }>;

/** Exit code by which `set` says that the split is of another version than AGENTCTL_IF_VERSION. */
const CONFLICT = 3;

const answer = z.object({
  bps: z.int().min(0).max(ALL_BPS),
  salt: z.string().nullish(),
  version: z
    .union([z.string().min(1), z.number()])
    .transform(String)
    .optional(),
});

/**
 * Any command that reads and sets a split. `get` prints JSON; `set` gets AGENTCTL_BPS, AGENTCTL_SALT and, for a compare
 * and swap, AGENTCTL_IF_VERSION, and ends with code 3 when somebody changed the split since. Where `get` prints no
 * version, the split is its own: then going back to an earlier share is not seen as a change.
 */
export class ExecRouter implements TrafficRouter {
  readonly kind = "exec";
  readonly isSticky: boolean;

  constructor(
    private readonly config: ExecConfig,
    private readonly context: RouterContext,
  ) {
    this.isSticky = config.sticky;
  }

  /** How a command hashes is not known. */
  armFor({ bps }: { readonly bps: number }): Arm | null {
    if (bps === 0 || bps === ALL_BPS) return bps === 0 ? "stable" : "canary";
    return null;
  }

  async get(signal?: AbortSignal): Promise<Split> {
    const outcome = await this.run(this.config.get, {}, signal);
    if (outcome.exitCode !== 0) throw this.failed("get", outcome);
    let found: z.output<typeof answer>;
    try {
      found = answer.parse(JSON.parse(outcome.stdout));
    } catch (error) {
      throw routerFailed(
        this.kind,
        `router.get expected {"bps": 0 to 10000, "salt": …, "version": …}, found ${JSON.stringify(outcome.stdout.slice(0, 200))}`,
        "let the command print that one JSON document and nothing else",
        error,
      );
    }
    const salt = found.salt ?? null;
    return { bps: found.bps, salt, version: found.version ?? `${found.bps}:${salt ?? ""}` };
  }

  async set(target: SplitTarget, signal?: AbortSignal): Promise<Split> {
    checkTarget(this.kind, target);
    const before = await this.get(signal);
    refuseConflict(this.kind, target, before);
    if (isSet(before, target)) return before;
    const variables = {
      AGENTCTL_BPS: String(target.bps),
      AGENTCTL_SALT: target.salt,
      ...(target.ifVersion === undefined ? {} : { AGENTCTL_IF_VERSION: target.ifVersion }),
    };
    const outcome = await this.run(this.config.set, variables, signal);
    if (outcome.exitCode === CONFLICT) {
      throw new RouterError("ROUTER_CONFLICT", `exec: router.set ended with code 3: ${outcome.complaint}`, {
        nextStep: "somebody changed the split; read it again and decide anew",
      });
    }
    if (outcome.exitCode !== 0) throw this.failed("set", outcome);
    const now = await this.get(signal);
    if (isSet(now, target)) return now;
    throw routerFailed(
      this.kind,
      `router.set ended with code 0 for ${target.bps} basis points, router.get prints ${now.bps}`,
      "let the command end with another code than 0 until the split is in force",
    );
  }

  async drain(arm: Arm, signal?: AbortSignal): Promise<void> {
    if (this.config.drain === undefined) return drainByShare(this.kind, arm, await this.get(signal));
    const outcome = await this.run(this.config.drain, { AGENTCTL_ARM: arm }, signal);
    if (outcome.exitCode !== 0) throw this.failed("drain", outcome);
  }

  async stats(): Promise<readonly ArmCounts[]> {
    return [];
  }

  async close(): Promise<void> {}

  private run(
    command: readonly string[],
    variables: { readonly [name: string]: string },
    signal?: AbortSignal,
  ): Promise<CommandOutcome> {
    return runCommand(
      { kind: this.kind, command, variables, timeoutMs: this.config.timeout, signal },
      this.context,
    );
  }

  private failed(name: string, { exitCode, complaint }: CommandOutcome): RouterError {
    return routerFailed(
      this.kind,
      `router.${name} ended with code ${exitCode}: ${complaint}`,
      "run it by hand",
    );
  }
}

/** Whether that split is in force; a command that tells no salt is believed about it. */
function isSet(split: Split, target: SplitTarget): boolean {
  return split.bps === target.bps && (split.salt === null || split.salt === target.salt);
}
