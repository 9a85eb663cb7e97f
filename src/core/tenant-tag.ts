import type { GoldenCase } from "./golden-case.js";

const TENANT_TAG = "tenant:";

/** Tenants of a case: it says them by tags such as `tenant:acme`. */
export function tenantsOf({ tags }: Pick<GoldenCase, "tags">): string[] {
  return tags.filter((tag) => tag.startsWith(TENANT_TAG)).map((tag) => tag.slice(TENANT_TAG.length));
}
