import type { Clock } from "../../../core/clock.js";
import { UsageError } from "../../../core/errors.js";
import { EXIT, type ExitCode } from "../../../core/exit-codes.js";
import {
  CAPABILITIES,
  type CapabilityName,
  type EndpointCheckReport,
} from "../../../report/schemas/endpoint-check.js";
import { endpointAddress } from "../http/endpoint-address.js";
import { checkEndpoint } from "./check-endpoint.js";
import { differencesOf } from "./compare-checks.js";

/** Flags of `endpoint check`. */
export interface CheckFlags {
  readonly model?: string;
  readonly apiKeyEnv?: string;
  readonly require?: readonly string[];
  readonly against?: string;
  readonly againstModel?: string;
  readonly againstApiKeyEnv?: string;
  readonly probeContext?: boolean;
  readonly probes: number;
}

interface CheckWorld {
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Checks an endpoint, and a second one beside it.
 *
 * @throws {UsageError} for an address, a key or a capability that is none
 */
export async function checkEndpoints(
  url: string,
  flags: CheckFlags,
  world: CheckWorld,
): Promise<{ readonly report: EndpointCheckReport; readonly exitCode: ExitCode }> {
  const required = requiredCapabilities(flags.require ?? ["chat"]);
  const options = {
    required,
    mayProbeContext: flags.probeContext === true,
    probes: flags.probes,
    clock: world.clock,
    signal: world.signal,
  };
  const address = endpointAddress(url, { variable: flags.apiKeyEnv, env: world.env });
  const other =
    flags.against === undefined
      ? null
      : endpointAddress(flags.against, {
          variable: flags.againstApiKeyEnv ?? flags.apiKeyEnv,
          env: world.env,
        });
  const first = await checkEndpoint(address, { ...options, model: flags.model });
  const against =
    other === null
      ? null
      : await checkEndpoint(other, { ...options, model: flags.againstModel ?? flags.model });
  const differences = against === null ? [] : differencesOf(first, against);
  const verdicts = [first.verdict, ...(against === null ? [] : [against.verdict])];
  const exitCode = verdicts.includes("unreachable")
    ? EXIT.infrastructure
    : verdicts.includes("lacking")
      ? EXIT.gateFailed
      : EXIT.ok;
  return { report: { ...first, against, differences }, exitCode };
}

function requiredCapabilities(names: readonly string[]): readonly CapabilityName[] {
  const unknown = names.filter((name) => !(CAPABILITIES as readonly string[]).includes(name));
  if (unknown.length === 0) return names as readonly CapabilityName[];
  throw new UsageError(
    `--require names no capability: ${unknown.join(", ")}; known: ${CAPABILITIES.join(", ")}`,
  );
}
