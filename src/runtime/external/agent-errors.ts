import { stripVTControlCharacters } from "node:util";
import { ProviderError } from "../../core/errors.js";
import { type SecretRedactor, secretRedactor } from "../../models/secret-redactor.js";

const MOST_QUOTED = 300;

/** Errors of one agent: each names where it came from, and none holds a secret. */
export class AgentErrors {
  private readonly redactor: SecretRedactor | null;

  /** @param place - such as `agent desk at localhost:8080` */
  constructor(
    private readonly place: string,
    secrets: readonly string[],
  ) {
    this.redactor = secretRedactor(secrets);
  }

  /** The reply cannot be read. @param what - goes on after the place, such as `sent a body that is not JSON` */
  badReply(what: string, nextStep: string): ProviderError {
    return this.error("PROVIDER_BAD_RESPONSE", what, { isRetryable: true, nextStep });
  }

  timeout(what: string, setting: string): ProviderError {
    const nextStep = `Raise ${setting} in the agent file if the agent is known to be this slow.`;
    return this.error("PROVIDER_TIMEOUT", what, { isRetryable: true, nextStep });
  }

  unavailable(what: string, nextStep: string): ProviderError {
    return this.error("PROVIDER_UNAVAILABLE", what, { isRetryable: true, nextStep });
  }

  aborted(): ProviderError {
    return this.error("PROVIDER_ABORTED", "was aborted", {});
  }

  /** The agent says itself that it failed, or died. */
  failed(what: string, words: string): ProviderError {
    const quoted = this.quoted(words);
    return this.error("AGENT_FAILED", quoted === "" ? what : `${what}: ${quoted}`, {
      nextStep: "See the agent's own log; nothing can be said of this trial.",
    });
  }

  error(
    code: ProviderError["code"],
    what: string,
    options: { isRetryable?: boolean; nextStep?: string; status?: number; retryAfterMs?: number },
  ): ProviderError {
    return new ProviderError(code, `${this.place} ${what}`, options);
  }

  /** The end of what an agent wrote, on one line, without colours and secrets. Cut last: half a secret is one too. */
  quoted(words: string): string {
    const plain = stripVTControlCharacters(words)
      .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
      .trim();
    const safe = this.redactor === null ? plain : this.redactor.value(plain);
    return safe.length <= MOST_QUOTED ? safe : `…${safe.slice(-MOST_QUOTED)}`;
  }
}
