import type { JsonMode } from '../domain/model-settings'
import type { ChatMessage, ChatRequest } from '../domain/models'
import type { RawAnswer } from './openai-wire'

/** The request as a model that has no schema mode takes it. Mode `schema` is left to the protocol's own field. */
export function askForJson(request: ChatRequest, mode: JsonMode): ChatRequest {
  const { jsonSchema, ...rest } = request
  if (jsonSchema === undefined || mode === 'schema') return request
  if (mode === 'tool' && !request.tools?.length) {
    const tool = { name: jsonSchema.name, description: 'Takes the answer.', parameters: jsonSchema.schema }
    return { ...rest, tools: [tool], toolChoice: { name: jsonSchema.name } }
  }
  return { ...rest, messages: withSchema(request.messages, jsonSchema.schema) }
}

/** The schema in words, at the end of the system prompt: that is where it is least taken for material. */
function withSchema(messages: ChatMessage[], schema: Record<string, unknown>): ChatMessage[] {
  const sentence = `Answer with one JSON value and nothing else. It must fit this JSON Schema: ${JSON.stringify(schema)}`
  const [first, ...others] = messages
  if (first?.role !== 'system') return [{ role: 'system', content: sentence }, ...messages]
  return [{ ...first, content: `${first.content}\n${sentence}` }, ...others]
}

/** An answer by forced tool, as if it had been text. A model that wrote text all the same keeps it. */
export function jsonFromTool(raw: RawAnswer, { jsonSchema, tools }: ChatRequest, mode: JsonMode): RawAnswer {
  if (jsonSchema === undefined || mode !== 'tool' || tools?.length) return raw
  const call = raw.toolCalls.find(({ function: { name } }) => name === jsonSchema.name)
  if (call === undefined) return raw
  return { ...raw, text: call.function.arguments ?? '', toolCalls: [], finish: raw.finish === 'length' ? 'length' : 'stop' }
}
