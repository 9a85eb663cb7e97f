import type { Identity } from "../../core/identity.js";
import type { Specialist } from "./team.js";

/** The supervisor's identity with no more than the specialist may have of it: same tenant, same user, fewer rights. */
export function childIdentity(
  supervisor: Identity,
  { scopes, roles }: Pick<Specialist, "scopes" | "roles">,
): Identity {
  return {
    tenantId: supervisor.tenantId,
    userId: supervisor.userId,
    scopes: supervisor.scopes.filter((scope) => scopes === null || scopes.includes(scope)),
    roles: supervisor.roles.filter((role) => roles === null || roles.includes(role)),
  };
}
