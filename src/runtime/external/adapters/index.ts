/** `agentctl/adapters`: agents of frameworks as agents of kind `module`. */

export type {
  AgentAnswer,
  AgentContext,
  AgentFunction,
  AgentInput,
  AgentReply,
  AgentReport,
  AgentTool,
  AgentToolResult,
} from "../module/agent-function.js";
export {
  type AiSdkAgent,
  type AiSdkCall,
  type AiSdkFunction,
  type AiSdkFunctionCall,
  type AiSdkResult,
  type AiSdkStream,
  fromAiSdk,
} from "./from-ai-sdk.js";
export { fromOpenAIAgents, type OpenAIAgentsResult, type OpenAIAgentsRun } from "./from-openai-agents.js";
