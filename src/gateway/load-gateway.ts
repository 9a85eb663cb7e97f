import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { GatewayConfig } from "../config/gateway/gateway-schema.js";
import { parseGatewayFile } from "../config/gateway/parse-gateway-file.js";
import { ConfigError } from "../core/errors.js";
import { readGatewaySecrets } from "./read-secrets.js";
import type { GatewaySecrets } from "./start-gateway.js";

export interface LoadedGateway {
  /** Absolute path of gateway.yaml. */
  readonly file: string;
  readonly config: GatewayConfig;
  readonly secrets: GatewaySecrets;
}

/**
 * Reads gateway.yaml and the secrets that it names.
 *
 * @param file - as it was given
 * @throws {ConfigError} with every problem of the file, or of what it names
 */
export async function loadGateway(
  file: string,
  folder: string,
  env: { readonly [name: string]: string | undefined },
): Promise<LoadedGateway> {
  const path = resolve(folder, file);
  const config = await loadGatewayConfig(file, folder);
  return { file: path, config, secrets: await readGatewaySecrets(config, path, env) };
}

/**
 * Reads gateway.yaml alone.
 *
 * @throws {ConfigError} with every problem of the file
 */
export async function loadGatewayConfig(file: string, folder: string): Promise<GatewayConfig> {
  let text: string;
  try {
    text = await readFile(resolve(folder, file), "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new ConfigError(
      [{ file, message: `expected a gateway file, found none that can be read (${code})` }],
      {
        cause: error,
        nextStep: "write one as docs/gateway.md shows, or name another by --config",
      },
    );
  }
  return parseGatewayFile(text, file);
}
