import Anthropic from "@anthropic-ai/sdk";
import type { ModelReply } from "../core/message.js";
import {
  type AnthropicDraft,
  AnthropicStreamDraft,
  draftOfMessage,
  finishAnthropicDraft,
} from "./anthropic-reply.js";
import { anthropicRequestBody } from "./anthropic-request.js";
import { eventSchema, messageSchema } from "./anthropic-wire.js";
import { type CallGuard, withDeadlines } from "./deadlines.js";
import { type Endpoint, NO_KEY, sdkTimeoutMs } from "./endpoint.js";
import { pooledFetch } from "./http-pool.js";
import type { CompleteOptions, Model } from "./model.js";
import { badResponse, type CallPlace, describePlace, toProviderError } from "./provider-error.js";
import { noStream, readJsonBody, readWire } from "./read-wire.js";

const SDK_ERRORS = {
  base: Anthropic.AnthropicError,
  connection: Anthropic.APIConnectionError,
  connectionTimeout: Anthropic.APIConnectionTimeoutError,
  userAbort: Anthropic.APIUserAbortError,
};

/** A model behind an endpoint that speaks Anthropic's messages API. */
export function createAnthropicModel(endpoint: Endpoint): Model {
  const client = new Anthropic({
    apiKey: endpoint.apiKey ?? NO_KEY,
    // Keeps the SDK from looking for other credentials in the environment.
    authToken: null,
    baseURL: endpoint.baseUrl,
    maxRetries: 0,
    timeout: sdkTimeoutMs(endpoint.deadlines),
    fetch: pooledFetch,
    // The SDK would log replies that it cannot parse.
    logLevel: "off",
  });
  const place: CallPlace = { provider: "anthropic", ...endpoint };

  return {
    provider: place.provider,
    name: endpoint.model,
    complete(request, options) {
      return withDeadlines(describePlace(place), endpoint.deadlines, options.signal, async (guard) => {
        try {
          const body = anthropicRequestBody(endpoint.model, request);
          return toReply(
            endpoint.stream ? await readStream(body, options, guard) : await readWhole(body, options, guard),
          );
        } catch (error) {
          throw toProviderError(place, SDK_ERRORS, error);
        }
      });
    },
  };

  type Body = ReturnType<typeof anthropicRequestBody>;

  async function readWhole(
    body: Body,
    { onText }: CompleteOptions,
    { signal }: CallGuard,
  ): Promise<AnthropicDraft> {
    const response = await client.messages.create({ ...body, stream: false }, { signal }).asResponse();
    const message = await readJsonBody(place, response);
    const draft = draftOfMessage(readWire(place, messageSchema, message));
    if (draft.text !== null && !signal.aborted) onText?.(draft.text);
    return draft;
  }

  async function readStream(
    body: Body,
    { onText, onFirstToken }: CompleteOptions,
    guard: CallGuard,
  ): Promise<AnthropicDraft> {
    const { data: stream, response } = await client.messages
      .create({ ...body, stream: true }, { signal: guard.signal })
      .withResponse();
    const draft = new AnthropicStreamDraft();
    let isEmpty = true;
    let isSilent = true;
    for await (const event of stream) {
      guard.signal.throwIfAborted();
      guard.touch();
      isEmpty = false;
      const delta = draft.add(readWire(place, eventSchema, event));
      if (isSilent && draft.hasBegun) {
        isSilent = false;
        onFirstToken?.();
      }
      if (delta !== "") onText?.(delta);
    }
    // The SDK ends an aborted stream as if it were finished.
    guard.signal.throwIfAborted();
    if (isEmpty) throw noStream(place, response);
    return draft.build();
  }

  function toReply(draft: AnthropicDraft): ModelReply {
    const reply = finishAnthropicDraft(draft, endpoint.model);
    if ("wrong" in reply) throw badResponse(place, reply.wrong);
    return { ...reply, costUsd: reply.usage === null ? null : endpoint.priceOf(reply.usage, reply.model) };
  }
}
