import type { LanguageModelV4CallOptions, LanguageModelV4Message } from '@ai-sdk/provider'
import type { ChatMessage, ChatRequest } from '../domain/models'

/** A request as the AI SDK's language models take it. */
export function toCallOptions(request: ChatRequest, signal: AbortSignal): LanguageModelV4CallOptions {
  const { tools, toolChoice, jsonSchema, maxOutputTokens, temperature } = request
  const names = new Map(request.messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id, name }) => [id, name] as const)))
  return {
    prompt: request.messages.map((message) => toSdkMessage(message, names)),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(jsonSchema && { responseFormat: { type: 'json', schema: jsonSchema.schema, name: jsonSchema.name } }),
    ...(tools &&
      tools.length > 0 && {
        tools: tools.map(({ name, description, parameters }) => ({
          type: 'function' as const,
          name,
          description,
          inputSchema: parameters,
        })),
        toolChoice: toolChoice ? { type: 'tool' as const, toolName: toolChoice.name } : { type: 'auto' as const },
      }),
    abortSignal: signal,
  }
}

function toSdkMessage(
  { role, content, images = [], toolCalls = [], toolCallId = '' }: ChatMessage,
  names: Map<string, string>,
): LanguageModelV4Message {
  switch (role) {
    case 'system':
      return { role, content }
    case 'user':
      return {
        role,
        content: [
          { type: 'text', text: content },
          ...images.map(({ mediaType, data }) => ({ type: 'file' as const, mediaType, data: { type: 'data' as const, data } })),
        ],
      }
    case 'assistant':
      return {
        role,
        content: [
          // An empty text is refused by Anthropic.
          ...(content === '' ? [] : [{ type: 'text' as const, text: content }]),
          ...toolCalls.map(({ id, name, arguments: input }) => ({ type: 'tool-call' as const, toolCallId: id, toolName: name, input })),
        ],
      }
    case 'tool':
      return {
        role,
        content: [
          { type: 'tool-result', toolCallId, toolName: names.get(toolCallId) ?? toolCallId, output: { type: 'text', value: content } },
        ],
      }
  }
}
