import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { IdentityConfig, TokenIdentityConfig } from "../../config/agent/identity-schema.js";
import type { Clock } from "../../core/clock.js";
import { ConfigError, UsageError } from "../../core/errors.js";
import { ANONYMOUS, type Identity } from "../../core/identity.js";
import type { TokenVerifier } from "./verify-token.js";

export interface IdentityContext {
  /** The agent file: named in problems; paths in it are relative to its folder. */
  readonly file: string;
  readonly folder: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
}

/**
 * Who an agent acts for where no session says otherwise: what the file states, or whom its token names.
 *
 * @throws {ConfigError} when the keys cannot be read
 * @throws {UsageError} when there is no token, or it does not hold
 */
export async function agentIdentity(
  config: IdentityConfig | undefined,
  context: IdentityContext,
): Promise<Identity> {
  if (config === undefined) return ANONYMOUS;
  if (!("jwt" in config)) {
    return { tenantId: config.tenant, userId: config.user, roles: config.roles, scopes: config.scopes };
  }
  const { token_env: name } = config.jwt;
  const token = context.env[name];
  if (token === undefined || token === "") {
    throw new UsageError(`the identity of ${context.file} wants a token in ${name}, found none`, {
      nextStep: `set ${name} to a token of ${config.jwt.issuer}`,
    });
  }
  const verify = await verifierOf(config, context);
  return verify(token);
}

/**
 * The verifier of an agent file's tokens, for sessions that bring one of their own.
 *
 * @throws {ConfigError} when the keys cannot be read
 */
export async function verifierOf(
  config: TokenIdentityConfig,
  context: IdentityContext,
): Promise<TokenVerifier> {
  const { tokenVerifier } = await import("./verify-token.js");
  return tokenVerifier(config, { material: keyMaterial(config, context) }, context.clock, context.file);
}

function keyMaterial({ jwt }: TokenIdentityConfig, { file, folder, env }: IdentityContext): string | null {
  if (jwt.secret_env !== undefined) {
    const secret = env[jwt.secret_env];
    if (secret !== undefined && secret !== "") return secret;
    throw new ConfigError([
      { file, message: `identity.jwt.secret_env: expected ${jwt.secret_env} to be set` },
    ]);
  }
  const path = jwt.jwks_file ?? jwt.public_key_file;
  if (path === undefined) return null;
  try {
    return readFileSync(resolve(folder, path), "utf8");
  } catch (cause) {
    const message = `identity.jwt: expected a file with keys at ${path}, relative to the agent file; it cannot be read`;
    throw new ConfigError([{ file, message }], { cause });
  }
}
