/** Names a conversation among those of all tenants, who may use the same ids. */
export function conversationKey(tenantId: string, conversationId: string): string {
  // With the length no tenant can write itself into the conversations of another one.
  return `${tenantId.length}:${tenantId}${conversationId}`;
}
