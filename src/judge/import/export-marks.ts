/** First columns of exports, which tell them from other tables: of entries, and of what they come to now. */
export const ENTRY_MARK = "agentctl_label";
export const CURRENT_MARK = "agentctl_current";
