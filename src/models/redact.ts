import type { Model } from "./model.js";
import { RedactedPieces } from "./redacted-pieces.js";
import { type SecretRedactor, secretRedactor } from "./secret-redactor.js";

/**
 * Blacks out secrets that a provider echoes, in the text of a reply, in the pieces that stream in, and in its tool
 * calls: names, ids, keys and values of the arguments. Goes innermost, so that they reach no cache, recording or
 * event.
 *
 * @param secrets - values such as the provider's key; those shorter than 8 characters are left alone
 */
export function redactingModel(model: Model, secrets: readonly string[]): Model {
  const redactor = secretRedactor(secrets);
  return redactor === null ? model : redacted(model, redactor);
}

function redacted(model: Model, redactor: SecretRedactor): Model {
  return {
    provider: model.provider,
    name: model.name,
    async complete(request, options) {
      const { onText, ...others } = options;
      const pieces = onText === undefined ? null : new RedactedPieces(redactor, onText);
      const reply = await model.complete(request, {
        ...others,
        ...(pieces === null ? {} : { onText: (piece: string) => pieces.add(piece) }),
      });
      pieces?.end();
      return {
        ...reply,
        text: redactor.value(reply.text),
        toolCalls: redactor.value(reply.toolCalls),
        model: redactor.value(reply.model),
        ...(reply.reasoning === undefined ? {} : { reasoning: redactor.value(reply.reasoning) }),
      };
    },
  };
}
