/** Names of measurements within a trial, as rows keep them. */
export const TURN_MS = "turn_ms";
export const FIRST_TOKEN_MS = "first_token_ms";
