import { dirname, resolve } from "node:path";
import { UsageError } from "../../core/errors.js";
import { loadGatewayConfig } from "../load-gateway.js";

/**
 * The keys file that a command means: the given one, else that of gateway.yaml.
 *
 * @throws {ConfigError} when gateway.yaml is needed and cannot be read
 * @throws {UsageError} when it names none
 */
export async function keysFileOf(
  gatewayFile: string,
  given: string | undefined,
  folder: string,
): Promise<string> {
  if (given !== undefined) return resolve(folder, given);
  const { keys } = await loadGatewayConfig(gatewayFile, folder);
  if (keys !== undefined) return resolve(dirname(resolve(folder, gatewayFile)), keys);
  throw new UsageError(`${gatewayFile} names no keys file`, {
    nextStep: "add `keys: gateway-keys.yaml` to it, or give --keys",
  });
}
