import { API_KEY } from "../../metrics/safety/pii-rules.js";

/** Name and version of the rules for secrets; the version changes with every rule. */
export const SECRETS_CLASSIFIER = "rules:secrets@1";

/** Stands where a secret was. */
const SECRET_MARK = "[redacted secret]";

interface SecretRule {
  readonly kind: string;
  readonly pattern: RegExp;
  /** Number of the group that is the secret; 0 for the whole match. */
  readonly group: 0 | 1;
}

const RULES: readonly SecretRule[] = [
  {
    kind: "private key",
    pattern:
      /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,8000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
    group: 0,
  },
  { kind: "API key", pattern: new RegExp(API_KEY.source, "g"), group: 0 },
  {
    kind: "access token",
    pattern:
      /(?<![A-Za-z0-9_])(?:(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}|npm_[A-Za-z0-9]{36}|hf_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|dop_v1_[a-f0-9]{64}|ya29\.[A-Za-z0-9_-]{20,}|(?:ASIA|AROA|AIDA)[0-9A-Z]{16})/g,
    group: 0,
  },
  { kind: "bearer token", pattern: /\bBearer\s+([A-Za-z0-9._~+/-]{20,}=*)/g, group: 1 },
  {
    kind: "password in an address",
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{1,80}:([^\s@/]{3,120})@/gi,
    group: 1,
  },
  {
    kind: "credential",
    pattern:
      /\b(?:api[_ -]?key|secret(?:[_ -]?(?:key|access[_ -]?key))?|access[_ -]?(?:key|token)|auth[_ -]?token|client[_ -]?secret|token|password|passwd|pwd|passphrase)["']?\s*(?:=|:|\bis\b)\s*["'`]?((?=[^\s"'`]*\d)(?=[^\s"'`]*[A-Za-z])[^\s"'`,;]{8,200})/gi,
    group: 1,
  },
];

/** A text without its secrets, and the kinds that were found, each as often as it was. */
export function redactSecrets(text: string): { readonly text: string; readonly kinds: readonly string[] } {
  const kinds: string[] = [];
  let redacted = text;
  for (const { kind, pattern, group } of RULES) {
    redacted = redacted.replace(pattern, (match: string, inner: unknown) => {
      const secret = group === 0 ? match : String(inner);
      if (secret.includes("[redacted")) return match;
      kinds.push(kind);
      const at = match.lastIndexOf(secret);
      return match.slice(0, at) + SECRET_MARK + match.slice(at + secret.length);
    });
  }
  return { text: redacted, kinds };
}
