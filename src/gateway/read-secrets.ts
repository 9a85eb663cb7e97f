import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { GatewayConfig } from "../config/gateway/gateway-schema.js";
import { ConfigError, type Problem } from "../core/errors.js";
import type { GatewaySecrets } from "./start-gateway.js";

/**
 * Reads keys, certificates and the control token that `gateway.yaml` names.
 *
 * @param file - path of `gateway.yaml`; other paths are relative to its folder
 * @throws {ConfigError} with every one that is missing or empty
 */
export async function readGatewaySecrets(
  config: GatewayConfig,
  file: string,
  env: { readonly [name: string]: string | undefined },
): Promise<GatewaySecrets> {
  const problems: Problem[] = [];
  const fileText = async (key: string, path: string): Promise<string> => {
    try {
      return await readFile(resolve(dirname(file), path), "utf8");
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
      problems.push({ file, message: `expected \`${key}\` to name a file that can be read, found ${code}` });
      return "";
    }
  };
  const secret = async (key: string, place: string | undefined): Promise<string | null> => {
    if (place === undefined) return null;
    const name = place.slice(place.indexOf(":") + 1);
    const before = problems.length;
    const isVariable = place.startsWith("env:");
    const text = (isVariable ? (env[name] ?? "") : await fileText(key, name)).trim();
    if (text === "" && problems.length === before) {
      const where = isVariable ? `the environment variable ${name}` : name;
      problems.push({ file, message: `expected \`${key}\` in ${where}, found nothing; set it` });
    }
    return text;
  };
  const { tls } = config.listen;
  const secrets: GatewaySecrets = {
    armKeys: {
      stable: await secret("arms.stable.api_key", config.arms.stable.api_key),
      canary: await secret("arms.canary.api_key", config.arms.canary?.api_key),
    },
    tls:
      tls === undefined
        ? null
        : {
            cert: await fileText("listen.tls.cert", tls.cert),
            key: await fileText("listen.tls.key", tls.key),
            clientCa:
              tls.client_ca === undefined ? null : await fileText("listen.tls.client_ca", tls.client_ca),
          },
    controlToken: await secret("control.token", config.control?.token),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return secrets;
}
