/**
 * Who a conversation is held for. It comes from a verified token or from configuration, never from what a user, a
 * model or a document says, and no text can widen it.
 */
export interface Identity {
  readonly tenantId: string;
  /** `null` for somebody who did not sign in. */
  readonly userId: string | null;
  readonly roles: readonly string[];
  /** What may be done, such as `orders:read`. */
  readonly scopes: readonly string[];
}

/** Nobody in particular, with no rights: what applies where nothing says otherwise. */
export const ANONYMOUS: Identity = { tenantId: "default", userId: null, roles: [], scopes: [] };
