import * as z from 'zod'
import { AppError } from '../domain/error'
import type { ChatAnswer, ChatMessage, ChatRequest, ImagePart, TokenUsage, ToolCall } from '../domain/models'

/** Shapes of `/chat/completions` as OpenAI, Ollama, vLLM, LM Studio and Groq speak it: what is read is checked, the rest is passed over. */
const WireToolCall = z.object({ id: z.string().nullish(), function: z.object({ name: z.string(), arguments: z.string().nullish() }) })
export type WireToolCall = z.infer<typeof WireToolCall>

const Usage = z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() })

export const Completion = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), tool_calls: z.array(WireToolCall).nullish() }),
      }),
    )
    .min(1),
  usage: Usage.nullish(),
})

/** One event of a stream. Tool calls come in parts that belong together by `index`; the last event may hold usage and no choice. */
export const CompletionPart = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        delta: z
          .object({
            content: z.string().nullish(),
            tool_calls: z
              .array(
                z.object({
                  index: z.int().min(0).max(127).default(0),
                  id: z.string().nullish(),
                  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
  usage: Usage.nullish(),
  error: z.object({ message: z.string().nullish() }).nullish(),
})

export type CompletionPart = z.infer<typeof CompletionPart>

/** An answer of either kind, before it is read. */
export interface RawAnswer {
  text: string
  toolCalls: WireToolCall[]
  finish: string
  model: string | undefined
  usage: z.infer<typeof Usage> | undefined
}

/** The body of a request. */
export function toWire(model: string, request: ChatRequest): Record<string, unknown> {
  const { tools, toolChoice, jsonSchema, maxOutputTokens, temperature, onText } = request
  return {
    model,
    messages: request.messages.map(toWireMessage),
    ...(tools && tools.length > 0 && { tools: tools.map((tool) => ({ type: 'function', function: tool })) }),
    ...(toolChoice && { tool_choice: { type: 'function', function: { name: toolChoice.name } } }),
    ...(jsonSchema && {
      response_format: { type: 'json_schema', json_schema: { name: jsonSchema.name, schema: jsonSchema.schema, strict: true } },
    }),
    ...(maxOutputTokens !== undefined && { max_tokens: maxOutputTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(onText && { stream: true, stream_options: { include_usage: true } }),
  }
}

export function toWireMessage({ role, content, images, toolCalls, toolCallId }: ChatMessage): Record<string, unknown> {
  return {
    role,
    content:
      images && images.length > 0
        ? [{ type: 'text', text: content }, ...images.map((image) => ({ type: 'image_url', image_url: { url: dataUrl(image) } }))]
        : content,
    ...(toolCallId !== undefined && { tool_call_id: toolCallId }),
    ...(toolCalls &&
      toolCalls.length > 0 && {
        tool_calls: toolCalls.map((call) => ({
          id: call.id,
          type: 'function',
          function: { name: call.name, arguments: JSON.stringify(call.arguments ?? {}) },
        })),
      }),
  }
}

/** Bytes that are turned to characters at once: more arguments than this overflow the stack. */
const BYTES_PER_STEP = 32_768

function dataUrl({ mediaType, data }: ImagePart): string {
  let text = ''
  for (let at = 0; at < data.length; at += BYTES_PER_STEP) text += String.fromCharCode(...data.subarray(at, at + BYTES_PER_STEP))
  return `data:${mediaType};base64,${btoa(text)}`
}

/** What the provider counted; zero where it says nothing. */
export const usageOf = ({ usage }: RawAnswer): TokenUsage => ({
  inputTokens: usage?.prompt_tokens ?? 0,
  outputTokens: usage?.completion_tokens ?? 0,
})

const FINISHES: Record<string, ChatAnswer['finish']> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
}

/** What the caller of the port gets of a raw answer. Refuses JSON that cannot be parsed, with a reason that asks for a repair round. */
export function readAnswer(
  raw: RawAnswer,
  request: ChatRequest,
): Pick<ChatAnswer, 'text' | 'json' | 'toolCalls' | 'finish' | 'inputTokens' | 'outputTokens'> {
  const toolCalls = raw.toolCalls.map(readToolCall)
  // Some servers say `stop` beside tool calls; what was asked for decides, not the word.
  const finish = toolCalls.length > 0 ? 'tool_calls' : (FINISHES[raw.finish] ?? 'stop')
  const wantsJson = request.jsonSchema !== undefined && toolCalls.length === 0
  return {
    text: raw.text,
    ...(wantsJson && { json: readJson(raw.text, finish) }),
    toolCalls,
    finish,
    ...usageOf(raw),
  }
}

function readToolCall(call: WireToolCall, index: number): ToolCall {
  const text = call.function.arguments?.trim() ?? ''
  const id = call.id ?? `call_${index}`
  return {
    id,
    name: call.function.name,
    arguments: text === '' ? {} : parseJson(text, `The model called the tool ${call.function.name} with arguments that are not JSON`),
  }
}

function readJson(text: string, finish: ChatAnswer['finish']): unknown {
  if (finish === 'length') throw malformed('The model ran out of output tokens before its JSON was whole: allow more of them')
  if (finish === 'content_filter')
    throw new AppError('invalid', 'The provider withheld the answer by its content filter: change the text or the provider.', {
      reason: 'content_filter',
    })
  // Models without a real JSON mode like to wrap their answer in a Markdown fence.
  const fenced = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(text)
  return parseJson(fenced?.[1] ?? text, 'The model answered with text that is not JSON')
}

function parseJson(text: string, sentence: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw malformed(sentence, cause)
  }
}

const malformed = (sentence: string, cause?: unknown): AppError =>
  new AppError('invalid', `${sentence}: ask it again or use another model.`, { reason: 'malformed_json', cause })
