import OpenAI from "openai";
import type { ModelReply } from "../core/message.js";
import { type CallGuard, withDeadlines } from "./deadlines.js";
import { type Endpoint, NO_KEY, sdkTimeoutMs } from "./endpoint.js";
import { pooledFetch } from "./http-pool.js";
import type { CompleteOptions, Model, ModelRequest } from "./model.js";
import { draftOfCompletion, finishOpenaiDraft, type OpenaiDraft, OpenaiStreamDraft } from "./openai-reply.js";
import { openaiRequestBody } from "./openai-request.js";
import { chunkSchema, completionSchema } from "./openai-wire.js";
import { badResponse, type CallPlace, describePlace, toProviderError } from "./provider-error.js";
import { noStream, readJsonBody, readWire } from "./read-wire.js";

const SDK_ERRORS = {
  base: OpenAI.OpenAIError,
  connection: OpenAI.APIConnectionError,
  connectionTimeout: OpenAI.APIConnectionTimeoutError,
  userAbort: OpenAI.APIUserAbortError,
};

/**
 * A model behind an OpenAI-compatible chat completions endpoint: OpenAI, vLLM, SGLang, llama.cpp, Ollama,
 * LiteLLM and others.
 */
export function createOpenaiModel(endpoint: Endpoint): Model {
  const client = new OpenAI({
    apiKey: endpoint.apiKey ?? NO_KEY,
    baseURL: endpoint.baseUrl,
    maxRetries: 0,
    timeout: sdkTimeoutMs(endpoint.deadlines),
    fetch: pooledFetch,
    // The SDK would log replies that it cannot parse.
    logLevel: "off",
  });
  const place: CallPlace = { provider: "openai", ...endpoint };

  return {
    provider: place.provider,
    name: endpoint.model,
    complete(request, options) {
      return withDeadlines(describePlace(place), endpoint.deadlines, options.signal, async (guard) => {
        try {
          const body = openaiRequestBody(endpoint.model, endpoint.baseUrl, request);
          const draft = endpoint.stream
            ? await readStream(body, options, guard)
            : await readWhole(body, options, guard);
          return toReply(draft, request);
        } catch (error) {
          throw toProviderError(place, SDK_ERRORS, error);
        }
      });
    },
  };

  type Body = ReturnType<typeof openaiRequestBody>;

  async function readWhole(
    body: Body,
    { onText }: CompleteOptions,
    { signal }: CallGuard,
  ): Promise<OpenaiDraft> {
    const response = await client.chat.completions
      .create({ ...body, stream: false }, { signal })
      .asResponse();
    const completion = await readJsonBody(place, response);
    const draft = draftOfCompletion(readWire(place, completionSchema, completion));
    if (draft.text !== null && !signal.aborted) onText?.(draft.text);
    return draft;
  }

  async function readStream(
    body: Body,
    { onText, onFirstToken }: CompleteOptions,
    guard: CallGuard,
  ): Promise<OpenaiDraft> {
    const { data: stream, response } = await client.chat.completions
      .create({ ...body, stream: true, stream_options: { include_usage: true } }, { signal: guard.signal })
      .withResponse();
    const draft = new OpenaiStreamDraft();
    let isEmpty = true;
    let isSilent = true;
    for await (const chunk of stream) {
      guard.signal.throwIfAborted();
      guard.touch();
      isEmpty = false;
      const delta = draft.add(readWire(place, chunkSchema, chunk));
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

  function toReply(draft: OpenaiDraft, request: ModelRequest): ModelReply {
    const reply = finishOpenaiDraft(draft, endpoint.model, request.position.turn);
    if ("wrong" in reply) throw badResponse(place, reply.wrong);
    return { ...reply, costUsd: reply.usage === null ? null : endpoint.priceOf(reply.usage, reply.model) };
  }
}
