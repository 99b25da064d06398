/** Port of chat models: one request, one answer, whatever the provider. Model names live in configuration. */

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool'
  content: string
  toolCalls?: ToolCall[]
  /** For role `tool`: the call it answers. */
  toolCallId?: string
}

export interface ToolCall {
  id: string
  name: string
  arguments: unknown
}

export interface ToolDefinition {
  name: string
  description: string
  /** JSON Schema of the arguments. */
  parameters: Record<string, unknown>
}

export interface ChatRequest {
  messages: ChatMessage[]
  tools?: ToolDefinition[]
  /** Ask for JSON that fits this JSON Schema. The adapter parses it; fitting is checked by the caller. */
  jsonSchema?: { name: string; schema: Record<string, unknown> }
  maxOutputTokens?: number
  temperature?: number
  signal?: AbortSignal
  /** Called with each piece of text as it arrives; the answer is complete all the same. */
  onText?: (piece: string) => void
}

export interface ChatAnswer {
  text: string
  /** Present when `jsonSchema` was asked for. */
  json?: unknown
  toolCalls: ToolCall[]
  finish: 'stop' | 'length' | 'tool_calls' | 'content_filter'
  provider: string
  model: string
  inputTokens: number
  outputTokens: number
  latencyMs: number
}

/** Throws AppError: `rate_limited` (with retryAfterMs), `unavailable` (5xx, time-out, cut stream), `invalid` (refused request, malformed JSON). */
export interface ChatModel {
  complete(request: ChatRequest): Promise<ChatAnswer>
}

/** Sentence encoder: unit-length vectors, `dimensions` long, one per text, in order. */
export interface Encoder {
  readonly dimensions: number
  readonly model: string
  embed(texts: string[]): Promise<number[][]>
}

/** A raster page: 8-bit grey (1), RGB (3) or RGBA (4) rows from the top, or an encoded PNG/JPEG when channels is 0. */
export interface RasterImage {
  width: number
  height: number
  channels: 0 | 1 | 3 | 4
  data: Uint8Array
}

export interface OcrWord {
  text: string
  /** 0–1 */
  confidence: number
  /** Pixels from the top left. */
  x: number
  y: number
  width: number
  height: number
  /** Index of the text line, from 0. */
  line: number
}

export interface Ocr {
  recognise(image: RasterImage): Promise<{ words: OcrWord[]; confidence: number }>
}
