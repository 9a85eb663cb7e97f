import type { JWTVerifyGetKey } from "jose";
import { createLocalJWKSet, createRemoteJWKSet, errors, importSPKI, jwtVerify } from "jose";
import type { TokenIdentityConfig } from "../../config/agent/identity-schema.js";
import type { Clock } from "../../core/clock.js";
import { AgentctlError, ConfigError, ProviderError, UsageError } from "../../core/errors.js";
import type { Identity } from "../../core/identity.js";
import { identityOfClaims } from "./claims.js";

/** Where the keys of tokens come from. */
export interface TokenKeys {
  /** Text of `jwks_file` or `public_key_file`, or the value of the variable `secret_env`; `null` with `jwks_url`. */
  readonly material: string | null;
}

/** Verifies tokens of one issuer. */
export type TokenVerifier = (token: string) => Promise<Identity>;

const ASYMMETRIC = ["RS256", "PS256", "ES256", "EdDSA"];
const FEWEST_SECRET_BYTES = 32;
const KEYS_TIMEOUT_MS = 5000;

/**
 * Makes the verifier of an `identity` block: signature by an allowed algorithm, `exp` (which must be there), `nbf`,
 * `iss` and `aud`. An algorithm that does not fit the kind of key is never tried, so no public key can serve as a secret
 * and no token goes without a signature.
 *
 * The verifier throws `UsageError` for a token that does not hold, saying which check failed and nothing of the token,
 * and `ProviderError` when the issuer's keys cannot be fetched.
 *
 * @param file - the agent file, for messages
 * @throws {ConfigError} when the keys cannot be used
 */
export async function tokenVerifier(
  config: TokenIdentityConfig,
  keys: TokenKeys,
  clock: Clock,
  file: string,
): Promise<TokenVerifier> {
  const { jwt, roles } = config;
  const keyOf = await keyGetter(config, keys, file);
  const names = {
    tenant: jwt.tenant_claim,
    user: jwt.user_claim,
    roles: jwt.roles_claim,
    scopes: jwt.scopes_claim,
  };
  return async (token) => {
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: jwt.algorithms ?? (jwt.secret_env === undefined ? ASYMMETRIC : ["HS256"]),
      issuer: jwt.issuer,
      audience: jwt.audience,
      clockTolerance: jwt.clock_skew_s,
      currentDate: new Date(clock.now()),
      requiredClaims: ["exp", "iss", "aud"],
    }).catch((error: unknown) => {
      throw refused(error);
    });
    const identity = identityOfClaims(payload, names, roles);
    if ("missing" in identity) throw invalid(`it has no text as claim ${identity.missing}`);
    return identity;
  };
}

async function keyGetter(
  config: TokenIdentityConfig,
  { material }: TokenKeys,
  file: string,
): Promise<JWTVerifyGetKey> {
  const { jwt } = config;
  try {
    if (jwt.jwks_url !== undefined) return remoteKeys(jwt.jwks_url, file);
    if (material === null) throw new TypeError("the key is missing");
    if (jwt.jwks_file !== undefined) return createLocalJWKSet(JSON.parse(material));
    if (jwt.public_key_file !== undefined) return await publicKey(material, jwt.algorithms ?? ASYMMETRIC);
    const secret = new TextEncoder().encode(material);
    if (secret.length < FEWEST_SECRET_BYTES) {
      throw new TypeError(`the secret has ${secret.length} bytes, expected at least ${FEWEST_SECRET_BYTES}`);
    }
    return async () => secret;
  } catch (error) {
    if (error instanceof AgentctlError) throw error;
    const message = `identity.jwt: the key cannot be used: ${error instanceof Error ? error.message : String(error)}`;
    throw new ConfigError([{ file, message }], { nextStep: "check the key of `identity.jwt`", cause: error });
  }
}

/** A PEM key says what kind it is, but the import wants an algorithm: the first of the token's own kind is right. */
async function publicKey(pem: string, algorithms: readonly string[]): Promise<JWTVerifyGetKey> {
  const usable = new Map<string, Awaited<ReturnType<typeof importSPKI>>>();
  for (const algorithm of algorithms) {
    const key = await importSPKI(pem, algorithm).catch(() => null);
    if (key !== null) usable.set(algorithm, key);
  }
  if (usable.size === 0) throw new TypeError(`expected a PEM public key for ${algorithms.join(", ")}`);
  return async ({ alg }) => {
    const key = usable.get(alg);
    if (key === undefined)
      throw new errors.JOSEAlgNotAllowed('"alg" (Algorithm) Header Parameter value not allowed');
    return key;
  };
}

function remoteKeys(address: string, file: string): JWTVerifyGetKey {
  const url = new URL(address);
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback)) {
    const message = `identity.jwt.jwks_url: expected https (http only on loopback), found ${url.protocol}`;
    throw new ConfigError([{ file, message }]);
  }
  return createRemoteJWKSet(url, { timeoutDuration: KEYS_TIMEOUT_MS });
}

function refused(error: unknown): AgentctlError {
  if (error instanceof errors.JWTExpired) return invalid("it has expired");
  if (error instanceof errors.JWTClaimValidationFailed)
    return invalid(`its claim ${error.claim} does not hold`);
  if (error instanceof errors.JOSEAlgNotAllowed) return invalid("its algorithm is not allowed");
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalid("its signature does not hold");
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return invalid("no single key of the issuer fits it");
  }
  if (
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JOSENotSupported
  ) {
    return invalid("it is not a signed JWT that can be read");
  }
  if (error instanceof TypeError && !isNetworkFailure(error)) return invalid("it does not fit the key");
  return new ProviderError("PROVIDER_UNAVAILABLE", "the keys of the token's issuer could not be fetched", {
    cause: error,
    isRetryable: true,
    nextStep: "check `identity.jwt.jwks_url`",
  });
}

/** `fetch` fails with a TypeError as well. */
function isNetworkFailure(error: TypeError): boolean {
  return error.message === "fetch failed";
}

function invalid(reason: string): UsageError {
  return new UsageError(`the identity token is refused: ${reason}`, {
    nextStep: "get a new token from the issuer that `identity.jwt` names",
  });
}
