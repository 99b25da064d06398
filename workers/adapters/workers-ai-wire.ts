import * as z from 'zod'
import { AppError } from '../domain/error'
import type { ChatRequest } from '../domain/models'
import { Completion, type RawAnswer, toWire, toWireMessage, type WireToolCall } from './openai-wire'

/** The shapes of `env.AI.run`: its own older one, and OpenAI's, which newer models answer in. */
const ToolCall = z.union([
  z.object({ id: z.string().nullish(), function: z.object({ name: z.string(), arguments: z.unknown() }) }),
  z.object({ id: z.string().nullish(), name: z.string(), arguments: z.unknown() }),
])
const Usage = z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() }).nullish()
const Plain = z.object({
  /** An object in JSON mode. */
  response: z.unknown(),
  tool_calls: z.array(ToolCall).nullish(),
  finish_reason: z.string().nullish(),
  usage: Usage,
})

/** The inputs of a chat model; `lora` names an adapter that is added to the base model. */
export function toInputs(request: ChatRequest, lora: string | undefined): Record<string, unknown> {
  const { model: _model, stream_options: _options, response_format: _format, ...inputs } = toWire('', request)
  return {
    ...inputs,
    messages: request.messages.map(toWireMessage),
    ...(request.jsonSchema && { response_format: { type: 'json_schema', json_schema: request.jsonSchema.schema } }),
    ...(lora !== undefined && { lora }),
  }
}

/** An answer in either shape. Refuses what is neither as `unavailable`. */
export function readResult(result: unknown): RawAnswer {
  const completion = Completion.safeParse(result)
  if (completion.success) {
    const { choices, usage, model } = completion.data
    const [choice] = choices
    return {
      text: choice?.message.content ?? '',
      toolCalls: choice?.message.tool_calls ?? [],
      finish: choice?.finish_reason ?? 'stop',
      model: model ?? undefined,
      usage: usage ?? undefined,
    }
  }
  const plain = Plain.safeParse(result)
  if (!plain.success || (plain.data.response === undefined && plain.data.tool_calls === undefined))
    throw new AppError('unavailable', 'Workers AI answered in an unknown shape: check that the model is one for chat.', {
      reason: 'unknown_shape',
      ...(plain.error && { cause: plain.error }),
    })
  const { response, tool_calls: calls, finish_reason: finish, usage } = plain.data
  return {
    text: textOf(response),
    toolCalls: (calls ?? []).map(toWireCall),
    finish: finish ?? 'stop',
    model: undefined,
    usage: usage ?? undefined,
  }
}

/** An event of the older stream as OpenAI would send it; others pass. */
export function translateEvent(event: unknown): unknown {
  if (typeof event !== 'object' || event === null || 'choices' in event) return event
  const plain = Plain.safeParse(event)
  if (!plain.success) return event
  const { response, tool_calls: calls, finish_reason: finish, usage } = plain.data
  const pieces = (calls ?? []).map(toWireCall).map((call, index) => ({ index, ...call }))
  return {
    choices: [{ delta: { content: textOf(response), ...(pieces.length > 0 && { tool_calls: pieces }) }, finish_reason: finish ?? null }],
    usage,
  }
}

const textOf = (response: unknown): string =>
  response === undefined || response === null ? '' : typeof response === 'object' ? JSON.stringify(response) : String(response)

function toWireCall(call: z.infer<typeof ToolCall>): WireToolCall {
  const { name, arguments: args } = 'function' in call ? call.function : call
  return { id: call.id, function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args ?? {}) } }
}
