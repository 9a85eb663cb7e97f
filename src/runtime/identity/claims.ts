import type { Identity } from "../../core/identity.js";

/** Names of the claims that make an identity; see `identity` of an agent file. */
export interface ClaimNames {
  readonly tenant: string;
  readonly user: string;
  readonly roles: string;
  readonly scopes: string;
}

/**
 * The identity that the claims of a verified token make. Roles that nobody mapped give nothing.
 *
 * @param scopesOfRole - scopes of each role, from configuration
 * @returns what is missing, where the claims name no tenant or no user
 */
export function identityOfClaims(
  claims: { readonly [name: string]: unknown },
  names: ClaimNames,
  scopesOfRole: { readonly [role: string]: readonly string[] },
): Identity | { readonly missing: string } {
  const tenantId = claimAt(claims, names.tenant);
  if (typeof tenantId !== "string" || tenantId === "") return { missing: names.tenant };
  const userId = claimAt(claims, names.user);
  if (typeof userId !== "string" || userId === "") return { missing: names.user };
  const roles = listOf(claimAt(claims, names.roles));
  const mapped = roles.flatMap((role) =>
    Object.hasOwn(scopesOfRole, role) ? (scopesOfRole[role] ?? []) : [],
  );
  return {
    tenantId,
    userId,
    roles,
    scopes: [...new Set([...listOf(claimAt(claims, names.scopes)), ...mapped])],
  };
}

/** A claim by its whole name, which may hold dots as URLs do, or else by a path of names. */
function claimAt(claims: unknown, name: string): unknown {
  if (typeof claims !== "object" || claims === null) return undefined;
  if (Object.hasOwn(claims, name)) return (claims as Readonly<Record<string, unknown>>)[name];
  const dot = name.indexOf(".");
  if (dot < 0) return undefined;
  const head = name.slice(0, dot);
  if (!Object.hasOwn(claims, head)) return undefined;
  return claimAt((claims as Readonly<Record<string, unknown>>)[head], name.slice(dot + 1));
}

function listOf(claim: unknown): readonly string[] {
  if (typeof claim === "string") return claim.split(" ").filter((one) => one !== "");
  return Array.isArray(claim)
    ? claim.filter((one): one is string => typeof one === "string" && one !== "")
    : [];
}
