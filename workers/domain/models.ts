import type { Purse } from './budgets'

/** Port of chat models: one request, one answer, whatever the provider. Model names live in configuration. */

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool'
  content: string
  /** Pictures that belong to a user's message, after its text. */
  images?: ImagePart[]
  toolCalls?: ToolCall[]
  /** For role `tool`: the call it answers. */
  toolCallId?: string
}

/** A picture as bytes: an address would let a text decide what is fetched. */
export interface ImagePart {
  mediaType: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif'
  data: Uint8Array
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

/** What a call is for; `models.yaml` routes each. Any other word takes the route of `default`. */
export const PURPOSES = ['default', 'classify', 'extract', 'summarise', 'answer', 'draft', 'plan', 'judge', 'embed', 'rerank'] as const
export type Purpose = (typeof PURPOSES)[number] | (string & {})

/** The named prompt and version that a request was made of. */
export interface PromptUse {
  name: string
  version: number
}

/** What a cache may do with a request. */
export interface CacheRule {
  /** Documents whose text is in the request: deleting one deletes the entry. */
  documentIds?: string[]
  /**
   * The question, as it stands in the messages. An earlier answer to a question of the same meaning then counts, as long as all
   * else in the request is the same. Leave it out where every word matters.
   */
  question?: string
}

export interface ChatRequest {
  messages: ChatMessage[]
  tools?: ToolDefinition[]
  /** A tool that the answer must call. */
  toolChoice?: { name: string }
  /** Ask for JSON that fits this JSON Schema. The adapter parses it; fitting is checked by the caller. */
  jsonSchema?: { name: string; schema: Record<string, unknown> }
  maxOutputTokens?: number
  temperature?: number
  signal?: AbortSignal
  /** Called with each piece of text as it arrives; the answer is complete all the same. */
  onText?: (piece: string) => void
  /** Called when the pieces given so far are void, because another model answers from the start. Without it a broken stream fails. */
  onRestart?: () => void
  /** Called as soon as the provider says what it counted, also when its answer is then refused. */
  onUsage?: (usage: TokenUsage) => void
  purpose?: Purpose
  prompt?: PromptUse
  /** `false`: every call is made anew. */
  cache?: CacheRule | false
  /** Routes that have failed this question already, by the name that `ChatAnswer.route` gave. */
  avoid?: readonly string[]
  payer?: Payer
  /**
   * Hides personal data from providers outside; used when the tenant's models.yaml says `maskPii`. Of the system's messages it gets
   * what is fenced and what is `given`, of all others everything but the marks of fences and the `framing`.
   */
  shield?: Shield
  /** Pieces of the system's messages, as they stand there, that a person wrote: a question, a purpose. */
  given?: readonly string[]
  /** The product's own words inside the material, as they stand there: labels of sources, names of fields. Never masked. */
  framing?: readonly string[]
}

export interface TokenUsage {
  inputTokens: number
  outputTokens: number
}

/**
 * Masks texts together, so that equal values get equal placeholders, and gives back the way to undo it. What stands in one of the
 * `framing` pieces stays readable.
 */
export type Shield = (texts: string[], framing?: readonly string[]) => Promise<{ texts: string[]; unmask(text: string): string }>

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
  /** Micro-dollars; absent where nobody knew the price. */
  costMicroUsd?: number
  /** Name of the route in models.yaml. */
  route?: string
  /** An earlier answer was given: of the same request, or of a question of the same meaning. */
  cached?: 'exact' | 'semantic'
  /** The payer has been told of every call behind this answer. */
  reported?: boolean
}

/** What a purpose can do at the moment. */
export interface Capacity {
  /** Of the widest route, prompt and answer together. */
  contextTokens: number
  maxOutputTokens: number
}

/**
 * Throws AppError: `rate_limited` (with retryAfterMs), `unavailable` (5xx, time-out, cut stream; reason `not_configured`: there is
 * no model), `invalid` (refused request, malformed JSON), `too_large` (the prompt is longer than the model reads), `over_budget`.
 */
export interface ChatModel {
  complete(request: ChatRequest): Promise<ChatAnswer>
  /** What the purpose's models read; undefined: none is configured. A model without this method is small and always there. */
  capacity?(purpose: Purpose): Promise<Capacity | undefined>
  /** The embedded way answered because the purpose's models did not: the payer is told, at no cost, with a call that is `degraded`. */
  standIn?(purpose: Purpose, payer?: Payer): Promise<void>
}

/** One try at one provider, also one that failed: what a run's events and charges are made of. */
export interface ModelCall {
  kind: 'chat' | 'embed' | 'rerank'
  purpose: Purpose
  route: string
  provider: string
  model: string
  prompt?: PromptUse
  inputTokens: number
  outputTokens: number
  costMicroUsd: number
  latencyMs: number
  cached?: 'exact' | 'semantic'
  /** The embedded way stood in for the models of the purpose. */
  degraded?: true
  /** Why the next route was asked, or the call failed; absent: it was answered. */
  failure?: { code: string; reason?: string; message: string }
}

/** Who pays for calls and is told of each. A wrapper of a step binds one with `paidBy`. */
export interface Payer {
  purse?: Purse
  /** The step of a run that pays. What it paid for is kept for it, also where the purpose keeps nothing: it may be tried again. */
  step?: { runId: string; stepKey: string }
  /** Told of every try, also of failed and of cached ones, as soon as it is over. */
  onCall?(call: ModelCall): void
}

/** The same model, with the payer told of and asked for every call. A request that names its own payer keeps it. */
export const paidBy = (model: ChatModel, payer: Payer): ChatModel => ({
  complete: (request) => model.complete({ payer, ...request }),
  ...(model.capacity && { capacity: (purpose: Purpose) => model.capacity?.(purpose) ?? Promise.resolve(undefined) }),
  ...(model.standIn && { standIn: async (purpose: Purpose, asked: Payer = payer) => await model.standIn?.(purpose, asked) }),
})

export interface EmbedOptions {
  signal?: AbortSignal
  payer?: Payer
  /** The document the texts are of: deleting it deletes what a cache kept of them. */
  documentId?: string
}

/** Sentence encoder: unit-length vectors, `dimensions` long, one per text, in order. */
export interface Encoder {
  readonly dimensions: number
  readonly model: string
  embed(texts: string[], options?: EmbedOptions): Promise<number[][]>
}

/** The same encoder, with the payer told of and asked for every call. */
export const embedPaidBy = (encoder: Encoder, payer: Payer): Encoder => ({
  dimensions: encoder.dimensions,
  model: encoder.model,
  embed: (texts, options) => encoder.embed(texts, { payer, ...options }),
})

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
