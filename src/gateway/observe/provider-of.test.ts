import { expect, it } from "vitest";
import { providerOf } from "./provider-of.js";

it.each([
  ["api.openai.com", "openai"],
  ["support.openai.azure.com", "azure.ai.openai"],
  ["bedrock-runtime.eu-west-1.amazonaws.com", "aws.bedrock"],
  ["bedrock-runtime-fips.us-east-1.amazonaws.com", "aws.bedrock"],
  ["internal-vllm-123.eu-west-1.elb.amazonaws.com", null],
  ["api.openai.com.example.org", null],
  ["notapi.openai.com", null],
  ["127.0.0.1", null],
])("names the provider of %s", (host, provider) => {
  expect(providerOf(host)).toBe(provider);
});
